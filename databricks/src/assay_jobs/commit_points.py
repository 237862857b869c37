"""Before each commit and each document: has the batch ended meanwhile? Then this attempt stops.

The look alone proves nothing, since another process may end the batch right after it; whatever
follows a commit point is harmless to repeat as well. It saves work and keeps what ended quiet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .lake import JobLake

# Each place where an attempt changes something that others see, in the order of an attempt. Tests
# pause and break there; a name says what comes next.
POINTS = (
    "silver tables",
    "silver cleaning",
    "silver log",
    "silver.json",
    "silver merge",
    "gold changes",
    "gold trial",
    "gold seal",
    "gold apply",
    "gold cleaning",
    "report.json",
    "process.json",
    "failure",
)


@dataclass(frozen=True)
class Pause:
    """`moment`: before the look whether the batch has ended, or between the look and the change."""

    point: str
    moment: Literal["look", "change"]
    subject: str
    """The source or the table, where the point is passed once for each."""


PauseHook = Callable[[Pause], None]


class BatchEndedError(Exception):
    """Another process ended the batch: there is nothing left to do, and nothing is wrong."""


class CommitPoints:
    def __init__(self, lake: JobLake, folder: str, pause: PauseHook = lambda pause: None) -> None:
        self.lake = lake
        self.folder = folder
        self._pause = pause

    def before(self, point: str, subject: str = "") -> None:
        assert point in POINTS
        self._pause(Pause(point, "look", subject))
        if self.has_ended():
            raise BatchEndedError(self.folder)
        self._pause(Pause(point, "change", subject))

    def has_ended(self) -> bool:
        return any(self.lake.has(f"{self.folder}/{end}.json") for end in ("process", "skipped"))
