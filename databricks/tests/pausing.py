"""Attempts that stop at a commit point until the test lets them go on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

from assay_jobs.commit_points import Pause
from running import Runs

SECONDS = 120


@contextmanager
def paused(
    runs: Runs, batch: int, at: Pause, attempt: int = 1
) -> Iterator[Future[dict[str, Any] | None]]:
    """Within the block the attempt waits at `at`; after it the attempt has ended."""
    reached, go_on = Event(), Event()

    def pause(here: Pause) -> None:
        if here == at and not reached.is_set():
            reached.set()
            assert go_on.wait(SECONDS)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(runs.attempt, batch, attempt, pause)
        running.add_done_callback(lambda _: reached.set())
        try:
            assert reached.wait(SECONDS)
            assert not running.done(), f"it ended before {at}: {running.exception()}"
            yield running
        finally:
            go_on.set()
    running.result()
