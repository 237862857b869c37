"""One process of an attempt at a batch: what its steps share."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .batch import Batch
from .commit_points import CommitPoints
from .lake import Document, JobLake
from .previous import Previous
from .warehouse import Warehouse


@dataclass
class Attempt:
    number: int
    lake: JobLake
    warehouse: Warehouse
    batch: Batch
    previous: Previous
    points: CommitPoints
    seconds: dict[str, float]
    """How long each step took, `start` first."""
    accounts: Document = field(default_factory=dict)
    """Of the sources with input, as the step `silver` leaves them."""
    seal: Document = field(default_factory=dict)
    """What the step `gold` has applied."""

    def __post_init__(self) -> None:
        # A name of the process's own: two processes may run the same attempt.
        self.folder = f"{self.batch.folder}/work/{self.number}-{secrets.token_hex(4)}"

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[step] = round(time.monotonic() - began, 3)

    def write(self, point: str, path: str, document: Document) -> None:
        self.points.before(point)
        self.lake.write(path, document)

    def application(self, table: str) -> str:
        """Of Delta's transactions: with the batch as version, each is committed once."""
        return f"{self.batch.pipeline}/{self.batch.incarnation}/{table}"
