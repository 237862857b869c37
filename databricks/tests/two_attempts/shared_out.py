"""The combinations over the stand-in, shared out among all processors."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from assay_jobs.gold import seals

from .all_of_them import AllOfThem, Share
from .scenarios import KEPT, SCENARIOS

# Of each scenario, so that no processor waits long for another.
TASKS = 4
# One in so many of both, in the short form.
FEW = 12
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Task:
    scenario: int
    firsts: Share
    others: Share
    folder: Path


@dataclass(frozen=True)
class Tried:
    scenario: str
    combinations: int
    problems: list[str]


@contextmanager
def over_stand_in(seed: int, is_short: bool) -> Iterator[Iterator[Tried]]:
    """They run from here on, while the caller does something else, and end with the block."""
    shares = [(Share(TASKS, task), Share()) for task in range(TASKS)]
    if is_short:
        shares = [(Share(FEW, seed % FEW), Share(FEW))]
    with (
        tempfile.TemporaryDirectory(dir=folder_in_memory()) as folder,
        get_context("spawn").Pool(os.cpu_count()) as pool,
    ):
        tasks = [
            Task(scenario, *share, Path(folder) / f"{scenario}-{number}")
            for scenario in range(len(SCENARIOS))
            for number, share in enumerate(shares)
        ]
        yield pool.imap_unordered(try_share, tasks)


def try_share(task: Task) -> Tried:
    seals.KEPT = KEPT
    scenario = SCENARIOS[task.scenario]
    found = list(AllOfThem(scenario, task.folder).results(task.firsts, task.others))
    return Tried(scenario.name, len(found), [str(each) for each in found if each.problems])


def folder_in_memory() -> Path | None:
    """Thousands of small files are written to the disk's very end, which is slow."""
    return MEMORY if MEMORY.is_dir() else None
