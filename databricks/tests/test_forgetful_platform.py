"""A platform that does not know Delta's transactions of applications, as one may that only says so:
it makes a repeated append twice, and a batch must not end on that."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay_jobs.errors import UnbalancedBooksError
from lakes import ALake
from running import CrashError
from stand_in.delta import Change, Store
from two_attempts.running import Place
from two_attempts.scenarios import define, go_to_end, plan
from two_attempts.worlds import StandInWorld


class ForgetfulStore(Store):
    def is_done(self, change: Change) -> bool:
        return False


def test_rows_that_are_there_twice_end_no_batch(tmp_path: Path) -> None:
    world = StandInWorld(ALake(tmp_path, "forgetful"), ForgetfulStore())
    define(world.lake)
    go_to_end(world, plan(world))
    batch = plan(world)

    def die(at: Place) -> None:
        if at == ("silver.json", "change", ""):
            raise CrashError(at)

    with pytest.raises(CrashError):
        world.work(batch, 1, 0)(die)
    before = world.rows("silver", "rows")
    with pytest.raises(UnbalancedBooksError, match="rows at"):
        go_to_end(world, batch)
    assert world.rows("silver", "rows") == before
    assert not (tmp_path / world.lake.folder(batch) / "process.json").exists()
