"""What a skipped batch leaves behind, and what the next one makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.commit_points import Pause
from assay_jobs.warehouse import Warehouse
from lakes import ALake, events, files, gold
from running import CATALOG, CrashError, Runs, crash_before

EVENT = {
    "type": "object",
    "required": ["at"],
    "properties": {"at": {"type": "string", "format": "date-time"}},
}
ROW = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}

KEYED = {**ROW, "properties": {**ROW["properties"], "b": {"type": "integer"}}, "x-key": ["a"]}  # type: ignore[dict-item]

SOURCES = {
    "flights": events(EVENT, eventTime="at", lateAfterSeconds=86400),
    "rows": files(ROW, onRedrop="append"),
    "replaced": files(ROW),
    "last": files(KEYED, onRedrop="append", onRepeatedKey="last"),
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


def towns(lake: ALake, replaced: str, last: str) -> list[dict[str, Any]]:
    """A file that stands instead of the older one of its name, and one whose keys do."""
    return [
        lake.file(f"a\n{replaced}", "r.csv", source="replaced"),
        lake.file(f"a,b\n{last}", source="last"),
    ]


def values(runs: Runs, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in columns) for row in runs.rows("silver", table))


def die_before_any_merge(at: Pause) -> None:
    if (at.point, at.moment) == ("silver merge", "change"):
        raise CrashError(at)


def test_a_batch_that_was_skipped_without_an_account_has_changed_no_row(
    lake: ALake, runs: Runs
) -> None:
    runs.run(lake.batch([lake.slice([body(1)])], towns(lake, "1\n2\n", "1,1\n2,2\n")))
    dropped = lake.file("a\n1\n", "a.csv", source="rows")
    skipped = lake.batch([lake.slice([body(20)], 1)], [dropped, *towns(lake, "2\n3\n", "1,9\n")])
    with pytest.raises(CrashError):
        runs.run(skipped, 1, crash_before("silver.json"))
    assert skipped in batches(runs, "flights_log") & batches(runs, "last_log")
    lake.skip(skipped)
    # The next one gets as far as its account, and is skipped as well.
    number = lake.batch(
        [lake.slice([body(2), body(1), body(20)], 2)], towns(lake, "2\n3\n", "1,9\n")
    )
    with pytest.raises(CrashError):
        runs.run(number, 1, die_before_any_merge)
    for source in SOURCES:
        assert skipped not in batches(runs, source) | batches(runs, f"{source}_log")
    # An attempt that outlives the skip appends nothing: not of a source either that the next batch
    # brings nothing to.
    log = f"{CATALOG}.{lake.pipeline}_silver.rows_log"
    application = f"{lake.pipeline}/{lake.incarnation}/rows_log"
    late = runs.spark.sql(f"SELECT {skipped}L AS _batch, 'accepted' AS _verdict")
    Warehouse(runs.spark, CATALOG, lake.pipeline).append(late, log, application, skipped)
    assert skipped not in batches(runs, "rows_log")
    # What the skipped one brought instead of them has never stood there.
    assert values(runs, "replaced", "a") == [(1,), (2,)]
    assert values(runs, "last", "a", "b") == [(1, 1), (2, 2)]
    # Measured by the batch before the skipped one: nothing is late.
    account = lake.read(f"{lake.folder(number)}/silver.json")["sources"]["flights"]
    assert account["late"] == 0
    assert account["newestEventAt"] == "2026-01-20T00:00:00.000Z"


def test_rows_of_a_batch_that_was_skipped_behind_its_account_come_with_the_next_one(
    lake: ALake, runs: Runs
) -> None:
    skipped = lake.number
    lake.skip(skipped)
    assert skipped not in batches(runs, "flights")
    lake.define(SOURCES, {"most": MOST})
    some = lake.file("a\n1\n2\n3\n5\n", "b.csv", source="rows")
    process = runs.run(lake.batch([lake.slice([body(3)], 5)], [some]))
    assert skipped in batches(runs, "flights")
    assert values(runs, "replaced", "a") == [(2,), (3,)]
    assert values(runs, "last", "a", "b") == [(1, 9), (2, 2)]
    assert process["sources"]["flights"]["late"] == 1
    assert process["newestEventAt"] == {"flights": "2026-01-20T00:00:00.000Z"}


def test_a_table_of_a_batch_that_was_skipped_behind_its_seal_is_written_anew_once(
    lake: ALake, runs: Runs
) -> None:
    """The skipped batch left it with several rows of one key of the batches around it."""
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
