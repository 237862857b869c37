"""The combinations over the stand-in, shared out among all processors."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from assay_jobs.gold import seals

from .all_of_them import AllOfThem, Share
from .scenarios import KEPT, SCENARIOS

Tried = tuple[str, int, list[str]]
"""Of a task: its scenario, how many combinations it has tried, and what differs."""

# Of each scenario, so that no processor waits long for another.
TASKS = 4
# One in so many of both, in the short form.
FEW = 12
MEMORY = Path("/dev/shm")


@contextmanager
def over_stand_in(seed: int, is_short: bool) -> Iterator[Iterator[Tried]]:
    """They run from here on, while the caller does something else."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        shares = [(Share(TASKS, task), Share()) for task in range(TASKS)]
        if is_short:
            shares = [(Share(FEW, seed % FEW), Share(FEW))]
        running = {
            pool.submit(try_scenario, at, *share): scenario
            for at, scenario in enumerate(SCENARIOS)
            for share in shares
        }
        yield ((running[each].name, *each.result()) for each in as_completed(running))


def try_scenario(at: int, firsts: Share, others: Share) -> tuple[int, list[str]]:
    seals.KEPT = KEPT
    with tempfile.TemporaryDirectory(dir=folder_in_memory()) as folder:
        found = list(AllOfThem(SCENARIOS[at], Path(folder)).results(firsts, others))
    return len(found), [str(each) for each in found if each.problems]


def folder_in_memory() -> Path | None:
    """Thousands of small files are written to the disk's very end, which is slow."""
    return MEMORY if MEMORY.is_dir() else None
