"""What a skipped batch leaves behind, and what the next one makes of it."""

from __future__ import annotations

import pytest

from lakes import ALake, events, files
from running import CrashError, Runs, crash_before

EVENT = {
    "type": "object",
    "required": ["at"],
    "properties": {"at": {"type": "string", "format": "date-time"}},
}
ROW = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}


def body(day: int) -> dict[str, str]:
    return {"at": f"2026-01-{day:02d}T00:00:00Z"}


@pytest.fixture(scope="module", autouse=True)
def defined(lake: ALake) -> None:
    sources = {
        "flights": events(EVENT, eventTime="at", lateAfterSeconds=86400),
        "rows": files(ROW, onRedrop="append"),
    }
    lake.define(sources)


def batches(runs: Runs, table: str) -> set[int]:
    return {row["_batch"] for row in runs.rows("silver", table)}


def test_rows_of_a_batch_that_was_skipped_half_way_are_removed(lake: ALake, runs: Runs) -> None:
    runs.run(lake.batch([lake.slice([body(1)])]))
    dropped = lake.file("a\n1\n", "a.csv", source="rows")
    skipped = lake.batch([lake.slice([body(20)], 1)], [dropped])
    with pytest.raises(CrashError):
        runs.run(skipped, 1, crash_before("silver.json"))
    assert skipped in batches(runs, "flights") & batches(runs, "rows_log")
    lake.skip(skipped)
    process = runs.run(lake.batch([lake.slice([body(2), body(1)], 2)]))
    for table in ("flights", "flights_log", "rows", "rows_log"):
        assert skipped not in batches(runs, table)
    # Measured by the batch before the skipped one: nothing is late.
    assert process["sources"]["flights"]["late"] == 0
    assert process["newestEventAt"] == {"flights": "2026-01-02T00:00:00.000Z"}


def test_rows_of_a_batch_that_was_skipped_behind_silver_count(lake: ALake, runs: Runs) -> None:
    skipped = lake.batch([lake.slice([body(20)], 4)])
    with pytest.raises(CrashError):
        runs.run(skipped, 1, crash_before("gold changes"))
    lake.skip(skipped)
    process = runs.run(lake.batch([lake.slice([body(3)], 5)]))
    assert skipped in batches(runs, "flights")
    assert process["sources"]["flights"]["late"] == 1
    assert process["newestEventAt"] == {"flights": "2026-01-20T00:00:00.000Z"}
