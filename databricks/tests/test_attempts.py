"""Two attempts of one batch at once, with real Spark: one waits at a commit point while another
does the batch, and maybe the next batch comes too. All ends as if there had been one attempt."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from assay_jobs.commit_points import POINTS, Pause
from assay_jobs.errors import UnbalancedBooksError
from lakes import ALake, files, gold
from pausing import paused
from running import CrashError, Runs, crash_before

CONTRACT = {
    "type": "object",
    "required": ["name", "amount"],
    "properties": {"name": {"type": "string"}, "amount": {"type": "integer"}},
    "x-key": ["name"],
}
TOTALS = "SELECT name, sum(amount) AS total FROM silver.rows GROUP BY name"
# The second replaces the first: a changes, b goes, c comes. So does the third: b is back.
DROPS = ["name,amount\na,1\nb,2\n", "name,amount\na,5\nc,3\n", "name,amount\nb,7\nc,3\n"]
_numbers = count(1)


@pytest.fixture(scope="module")
def other(server: tuple[str, Path]) -> Iterator[SparkSession]:
    session = SparkSession.builder.remote(server[0]).create()
    yield session
    session.stop()


@pytest.fixture
def pair(
    spark: SparkSession, other: SparkSession, server: tuple[str, Path], tmp_path: Path
) -> tuple[Runs, Runs]:
    """The same pipeline from two sessions, as from two job runs."""
    lake = ALake(tmp_path, f"attempts{next(_numbers)}")
    tables = {"totals": gold(TOTALS, ["name"], "totals")}
    lake.define({"rows": files(CONTRACT)}, tables)
    for text in DROPS:
        lake.batch(files=[lake.file(text, "rows.csv", source="rows")])
    return Runs(spark, lake, server[1]), Runs(other, lake, server[1])


def whole(runs: Runs) -> dict[str, Any]:
    """All that others see: tables and documents, and what a sink would have after all batches."""
    lake, served = runs.lake, dict[str, Any]()
    for batch in range(1, lake.number + 1):
        process = lake.read(f"{lake.folder(batch)}/process.json")
        for change in lake.changes(process, "totals"):
            served.pop(change["key"][0], None)
            if change["op"] == "upsert":
                served[change["key"][0]] = change["value"]
    return {
        "gold": sorted((row["name"], row["total"]) for row in runs.rows("gold", "totals")),
        "served": sorted((row["name"], row["total"]) for row in served.values()),
        "silver": sorted(
            (row["_batch"], row["name"], row["amount"]) for row in runs.rows("silver", "rows")
        ),
        "log": sorted((row["_batch"], row["name"]) for row in runs.rows("silver", "rows_log")),
        "seals": sorted(row["batch"] for row in runs.rows("gold", "_seals")),
        "counts": [
            [lake.read(f"{lake.folder(batch)}/process.json")["tables"]["totals"][name]
             for name in ("rows", "inserted", "updated", "deleted")]
            for batch in range(1, lake.number + 1)
        ],
        "silver.json": [
            lake.read(f"{lake.folder(batch)}/silver.json")["sources"]["rows"]["accepted"]
            for batch in range(1, lake.number + 1)
        ],
    }  # fmt: skip


BY_ONE = {
    "gold": [("b", 7), ("c", 3)],
    "served": [("b", 7), ("c", 3)],
    # The third drop says the same of c, so its row stays as it was.
    "silver": [(2, "c", 3), (3, "b", 7)],
    "log": [(1, "a"), (1, "b"), (2, "a"), (2, "c"), (3, "b"), (3, "c")],
    "seals": [1, 2, 3],
    "counts": [[2, 2, 0, 0], [2, 1, 1, 1], [2, 1, 0, 1]],
    "silver.json": [2, 2, 2],
}


@pytest.mark.parametrize("next_too", [False, True], ids=["alone", "and the next batch"])
@pytest.mark.parametrize(
    ("point", "subject"),
    [
        ("silver log", "rows"), ("silver merge", "rows"), ("silver.json", ""),
        ("gold changes", ""), ("gold seal", ""), ("gold apply", "totals"), ("process.json", ""),
    ],
)  # fmt: skip
def test_a_late_attempt_undoes_nothing(
    pair: tuple[Runs, Runs], point: str, subject: str, next_too: bool
) -> None:
    first, second = pair
    first.run(1)
    with paused(first, 2, Pause(point, "change", subject)):
        second.run(2, 2)
        if next_too:
            second.run(3)
    if not next_too:
        second.run(3)
    assert whole(second) == BY_ONE


def test_two_attempts_that_make_the_tables_at_once_make_them_once(pair: tuple[Runs, Runs]) -> None:
    first, second = pair
    with paused(first, 1, Pause("gold apply", "change", "totals")):
        second.run(1, 2)
        second.run(2)
    second.run(3)
    assert whole(second) == BY_ONE


def test_of_two_change_sets_the_one_that_was_sealed_first_is_applied(
    pair: tuple[Runs, Runs],
) -> None:
    """The other attempt is gone after its seal: this one applies what that one sealed."""
    first, second = pair
    first.run(1)
    with paused(first, 2, Pause("gold seal", "change", "")) as running:
        with pytest.raises(CrashError):
            second.run(2, 2, crash_before("gold apply", "totals"))
        assert not running.done()
    [part] = first.lake.read(f"{first.lake.folder(2)}/process.json")["tables"]["totals"]["changes"]
    assert "/work/2-" in part["path"]
    second.run(3)
    assert whole(second) == BY_ONE


def test_an_attempt_at_a_batch_that_ended_says_nothing(pair: tuple[Runs, Runs]) -> None:
    first, _ = pair
    with paused(first, 1, Pause("silver.json", "look", "")) as running:
        first.lake.skip(1)
    assert running.result() is None
    folder = first.lake.root / first.lake.folder(1)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "skipped.json"]


def test_where_a_platform_appends_twice_the_first_seal_counts(pair: tuple[Runs, Runs]) -> None:
    first, second = pair
    with pytest.raises(CrashError):
        first.run(1, 1, crash_before("gold apply", "totals"))
    seals = f"spark_catalog.{first.lake.pipeline}_gold._seals"
    first.spark.sql(f"INSERT INTO {seals} SELECT batch, definition, '{{}}' FROM {seals}")
    assert second.run(1, 2)["tables"]["totals"]["rows"] == 2


def test_tables_of_another_incarnation_are_refused(pair: tuple[Runs, Runs], tmp_path: Path) -> None:
    first, _ = pair
    first.run(1)
    lake = ALake(tmp_path / "again", first.lake.pipeline, "20270101T000000000Z-abcdef")
    lake.define({}, {"totals": gold("SELECT 'a' AS name", ["name"], "totals")})
    with pytest.raises(UnbalancedBooksError, match="of incarnation 2026"):
        Runs(first.spark, lake, first.warehouse).run(lake.batch())


def test_each_commit_point_is_passed_in_its_order(pair: tuple[Runs, Runs]) -> None:
    passed: list[Pause] = []
    pair[0].run(1, 1, passed.append)
    points = [pause.point for pause in passed if pause.moment == "look"]
    assert points == [pause.point for pause in passed if pause.moment == "change"]
    assert points == sorted(points, key=POINTS.index)
    assert set(POINTS) - set(points) == {"silver cleaning", "gold cleaning", "failure"}
