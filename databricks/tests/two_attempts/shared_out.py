"""The combinations over the stand-in, shared out among all processors."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from assay_jobs.gold import seals

from .all_of_them import AllOfThem, Share
from .scenarios import KEPT, SCENARIOS

# Of each scenario, so that no processor waits long for another.
TASKS = 4
MEMORY = Path("/dev/shm")


def over_stand_in(seed: int, each: int) -> Iterator[tuple[str, int, list[str]]]:
    """`each`: one in so many is tried."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        tasks = 1 if each > 1 else TASKS
        running = {
            pool.submit(try_scenario, at, each * tasks, (seed + task) % (each * tasks)): each_
            for at, each_ in enumerate(SCENARIOS)
            for task in range(tasks)
        }
        for future in as_completed(running):
            count, problems = future.result()
            yield running[future].name, count, problems


def try_scenario(at: int, each: int, first: int) -> tuple[int, list[str]]:
    seals.KEPT = KEPT
    with tempfile.TemporaryDirectory(dir=folder_in_memory()) as folder:
        found = list(AllOfThem(SCENARIOS[at], Path(folder)).results(Share(each, first)))
    return len(found), [str(each_) for each_ in found if each_.problems]


def folder_in_memory() -> Path | None:
    """Thousands of small files are written to the disk's very end, which is slow."""
    return MEMORY if MEMORY.is_dir() else None
