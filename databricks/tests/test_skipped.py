"""What a skipped batch leaves behind, and what the next one makes of it."""

from __future__ import annotations

import pytest

from lakes import ALake, events, files, gold
from running import CrashError, Runs, crash_before

EVENT = {
    "type": "object",
    "required": ["at"],
    "properties": {"at": {"type": "string", "format": "date-time"}},
}
ROW = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}

SOURCES = {
    "flights": events(EVENT, eventTime="at", lateAfterSeconds=86400),
    "rows": files(ROW, onRedrop="append"),
}
MOST = gold("SELECT a % 2 AS rest, max(a) AS a FROM silver.rows GROUP BY ALL", ["rest"], "most")
ALL = gold("SELECT a % 2 AS rest, a FROM silver.rows", ["rest", "a"], "most")


def body(day: int) -> dict[str, str]:
    return {"at": f"2026-01-{day:02d}T00:00:00Z"}


@pytest.fixture(scope="module", autouse=True)
def defined(lake: ALake) -> None:
    lake.define(SOURCES)


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


def test_a_table_of_a_batch_that_was_skipped_behind_its_seal_is_written_anew_once(
    lake: ALake, runs: Runs
) -> None:
    """The skipped batch left it with several rows of one key of the batches around it."""
    lake.define(SOURCES, {"most": MOST})
    runs.run(lake.batch(files=[lake.file("a\n1\n2\n3\n5\n", "b.csv", source="rows")]))
    lake.define(SOURCES, {"most": ALL})
    skipped = lake.batch()
    with pytest.raises(CrashError):
        runs.run(skipped, 1, crash_before("process.json"))
    assert len(runs.rows("gold", "most")) == 4
    lake.skip(skipped)
    lake.define(SOURCES, {"most": MOST})
    process = runs.run(lake.batch())
    assert sorted((row["rest"], row["a"]) for row in runs.rows("gold", "most")) == [(0, 2), (1, 5)]
    table = process["tables"]["most"]
    assert (table["rows"], table["inserted"], table["updated"], table["deleted"]) == (2, 2, 0, 4)
    assert sorted(line["key"] for line in lake.changes(process, "most")) == [["0"], ["1"]]
    assert table["snapshot"] == table["changes"]
    assert process["sinks"]["cosmos"]["tables"] == {"most": "snapshot"}
    after = runs.run(lake.batch())
    assert after["tables"]["most"]["changes"] == []
    assert lake.report(lake.number)["commits"] == 1, "the seal"
