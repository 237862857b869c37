"""What a skip leaves of a batch, over the stand-in; what real Spark makes of it: test_skipped."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from lakes import ALake, files
from running import CrashError
from stand_in.delta import Store
from two_attempts.running import Place, Running
from two_attempts.scenarios import go_to_end
from two_attempts.worlds import StandInWorld

ROW = {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
SOURCES = {
    "rows": files({**ROW, "x-key": ["a"]}),
    "others": files(ROW, onRedrop="append"),
}


class Skips:
    """A source whose files replace each other, and another one that brings the next batches."""

    def __init__(self, folder: Path) -> None:
        self.world = StandInWorld(ALake(folder, "skips"), Store())
        self.lake = self.world.lake
        self.lake.define(SOURCES)

    def plan(self, text: str, source: str = "rows", name: str = "a.csv") -> int:
        return self.lake.batch(files=[self.lake.file(f"a,b\n{text}", name, source=source)])

    def go_on(self) -> Running:
        """With a batch that brings nothing to the source."""
        running = Running(self.world.work(self.plan(f"{self.lake.number},0\n", "others"), 1, 0))
        running.go()
        assert running.error is None
        return running

    def die_before(self, point: str, batch: int) -> None:
        def die(at: Place) -> None:
            if at[:2] == (point, "change"):
                raise CrashError(at)

        with suppress(CrashError):
            self.world.work(batch, 1, 0)(die)

    def log(self) -> list[tuple[int, str]]:
        rows = self.world.rows("silver", "rows_log")
        return sorted((row["_batch"], row["_verdict"]) for row in rows)

    def silver(self) -> list[tuple[int, int, int]]:
        return sorted((r["_batch"], r["a"], r["b"]) for r in self.world.rows("silver", "rows"))


@pytest.fixture
def skips(tmp_path: Path) -> Skips:
    skips = Skips(tmp_path)
    go_to_end(skips.world, skips.plan("1,1\n2,1\n"))
    return skips


@pytest.mark.parametrize("moment", ["change", "commit"])
@pytest.mark.parametrize(("text", "times"), [("1,2\n", 1), ("", 2)], ids=["rows", "a mark"])
def test_an_attempt_that_outlives_its_skip_appends_nothing(
    skips: Skips, text: str, times: int, moment: str
) -> None:
    skipped = skips.plan(text)
    place = Place("silver log", moment, "rows")
    outliving = Running(skips.world.work(skipped, 1, 1))
    outliving.go(lambda passed: passed[-1] == place and passed.count(place) == times)
    assert not outliving.has_ended
    skips.lake.skip(skipped)
    skips.go_on()
    outliving.go()
    assert outliving.has_ended and outliving.error is None
    assert skips.log() == [(1, "accepted"), (1, "accepted")]
    assert skips.silver() == [(1, 1, 1), (1, 2, 1)]


def test_a_skip_behind_the_account_keeps_the_rows(skips: Skips) -> None:
    skipped = skips.plan("1,2\n")
    skips.die_before("silver merge", skipped)
    skips.lake.skip(skipped)
    skips.go_on()
    assert skips.silver() == [(skipped, 1, 2)]


@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("silver merge", [(1, 1, 1), (1, 2, 1)]),
        # What it had replaced does not come back.
        ("process.json", []),
    ],
)
def test_a_skip_without_rows_merges_none_and_takes_out_those_that_are_there(
    skips: Skips, point: str, left: list[tuple[int, int, int]]
) -> None:
    skipped = skips.plan("1,2\n")
    skips.die_before(point, skipped)
    skips.lake.skip(skipped, without_rows=True)
    passed = skips.go_on().passed
    assert ("silver merge", "change", "rows") not in passed
    assert skips.silver() == left
    assert skipped not in {batch for batch, _ in skips.log()}
    # It goes on from there.
    batch = skips.plan("1,3\n2,3\n")
    go_to_end(skips.world, batch)
    assert skips.silver() == [(batch, 1, 3), (batch, 2, 3)]


def test_a_skip_without_rows_moves_no_time(skips: Skips) -> None:
    skipped = skips.plan("1,2\n")
    skips.die_before("silver merge", skipped)
    silver = skips.lake.read(f"{skips.lake.folder(skipped)}/silver.json")
    silver["sources"]["rows"]["newestEventAt"] = "2026-01-20T00:00:00.000Z"
    path = skips.lake.root / skips.lake.folder(skipped) / "silver.json"
    path.write_text(json.dumps(silver))
    skips.lake.skip(skipped, without_rows=True)
    skips.go_on()
    process = skips.lake.read(f"{skips.lake.folder(skips.lake.number)}/process.json")
    assert process["newestEventAt"] == {}


def test_the_older_batches_of_a_log_are_read_where_a_key_is_lost_alone(
    skips: Skips, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stand_in.frames import Frame
    from stand_in.session import Session

    merges: list[str] = []
    sql = Session.sql

    def recorded(self: Session, statement: str) -> Frame:
        if statement.startswith("MERGE INTO `spark_catalog`.`skips_silver`.`rows`"):
            merges.append(statement)
        return sql(self, statement)

    monkeypatch.setattr(Session, "sql", recorded)
    go_to_end(skips.world, skips.plan("2,2\n", name="b.csv"))
    go_to_end(skips.world, skips.plan("1,3\n2,3\n"))
    assert ["_batch <= " in each for each in merges] == [False, False]
    go_to_end(skips.world, skips.plan("1,4\n"))
    assert "_batch <= " in merges[-1]
    assert skips.silver() == [(2, 2, 2), (4, 1, 4)]
