"""Two attempts of one batch at once, with real Spark: one waits at a commit point while another
does the batch, and maybe the next batch comes too. All ends as if there had been one attempt."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

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
# Each replaces the one before: a row changes, one goes, one comes, one stays.
DROPS = [
    {"a": 1, "b": 2, "c": 3}, {"a": 5, "c": 3, "d": 4}, {"b": 7, "c": 3, "d": 1}, {"a": 1, "c": 9},
]  # fmt: skip
_numbers = count(1)


@pytest.fixture(scope="module")
def other(server: tuple[str, Path]) -> Iterator[SparkSession]:
    session = SparkSession.builder.remote(server[0]).create()
    yield session
    session.stop()


class Pair:
    """The same pipeline from two sessions, as from two job runs, and what it should come to."""

    def __init__(self, first: SparkSession, second: SparkSession, root: Path, tables: Path) -> None:
        self.lake = ALake(root, f"attempts{next(_numbers)}")
        self.lake.define({"rows": files(CONTRACT)}, {"totals": gold(TOTALS, ["name"], "totals")})
        self.first = Runs(first, self.lake, tables)
        self.second = Runs(second, self.lake, tables)
        self.dropped: list[dict[str, int]] = []

    def drop(self) -> int:
        rows = DROPS[len(self.dropped) % len(DROPS)]
        self.dropped.append(rows)
        text = "name,amount\n" + "".join(f"{name},{rows[name]}\n" for name in rows)
        return self.lake.batch(files=[self.lake.file(text, "rows.csv", source="rows")])

    def assert_as_by_one(self) -> None:
        """All that others see: tables, documents, and what a sink would have after all batches."""
        served: dict[str, int] = {}
        silver: dict[str, tuple[int, str, int]] = {}
        before: dict[str, int] = {}
        for batch, rows in enumerate(self.dropped, start=1):
            process = self.lake.read(f"{self.lake.folder(batch)}/process.json")
            for change in self.lake.changes(process, "totals"):
                served.pop(change["key"][0], None)
                if change["op"] == "upsert":
                    served[change["key"][0]] = change["value"]["total"]
            assert served == rows
            names = ("rows", "inserted", "updated", "deleted")
            assert [process["tables"]["totals"][name] for name in names] == [
                len(rows),
                len(set(rows) - set(before)),
                sum(rows[name] != before[name] for name in set(rows) & set(before)),
                len(set(before) - set(rows)),
            ]
            account = self.lake.read(f"{self.lake.folder(batch)}/silver.json")["sources"]["rows"]
            assert process["sources"]["rows"] == account
            assert (account["received"], account["accepted"]) == (len(rows), len(rows))
            silver = {
                # A row that a newer drop repeats stays as it was.
                name: silver[name] if before.get(name) == rows[name] else (batch, name, rows[name])
                for name in rows
            }
            before = rows
        found = self.second.rows("silver", "rows")
        assert {row["name"]: (row["_batch"], row["name"], row["amount"]) for row in found} == silver
        assert len(found) == len(silver)
        in_gold = self.second.rows("gold", "totals")
        assert sorted((row["name"], row["total"]) for row in in_gold) == sorted(before.items())
        log = self.second.rows("silver", "rows_log")
        assert sorted((row["_batch"], row["name"]) for row in log) == sorted(
            (batch, name) for batch, rows in enumerate(self.dropped, 1) for name in rows
        )
        seals = sorted(row["batch"] for row in self.second.rows("gold", "_seals"))
        assert seals == list(range(1, len(self.dropped) + 1))


@pytest.fixture
def fresh(
    spark: SparkSession, other: SparkSession, server: tuple[str, Path], tmp_path: Path
) -> Pair:
    return Pair(spark, other, tmp_path, server[1])


@pytest.fixture(scope="module")
def going(
    spark: SparkSession,
    other: SparkSession,
    server: tuple[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Pair:
    """With a batch behind it, so that its tables are there."""
    pair = Pair(spark, other, tmp_path_factory.mktemp("going"), server[1])
    pair.first.run(pair.drop())
    return pair


@pytest.mark.parametrize(("point", "subject"), [("silver merge", "rows"), ("gold apply", "totals")])
def test_a_late_attempt_undoes_nothing(going: Pair, point: str, subject: str) -> None:
    """Every other point: with a stand-in in `test_two_attempts`, with Spark in the proof."""
    number = going.drop()
    with paused(going.first, number, Pause(point, "change", subject)):
        going.second.run(number, 2)
        going.second.run(going.drop())
    going.assert_as_by_one()


def test_of_two_change_sets_the_one_that_was_sealed_first_is_applied(going: Pair) -> None:
    """The other attempt is gone after its seal: this one applies what that one sealed."""
    number = going.drop()
    at = Pause("gold seal", "change", "")
    with paused(going.first, number, at), pytest.raises(CrashError):
        going.second.run(number, 2, crash_before("gold apply", "totals"))
    table = going.lake.read(f"{going.lake.folder(number)}/process.json")["tables"]["totals"]
    assert table["changes"]
    assert all("/work/2-" in part["path"] for part in table["changes"])
    going.assert_as_by_one()


def test_where_a_platform_appends_twice_the_first_seal_counts(going: Pair) -> None:
    number = going.drop()
    with pytest.raises(CrashError):
        going.first.run(number, 1, crash_before("gold apply", "totals"))
    seals = f"spark_catalog.{going.lake.pipeline}_gold._seals"
    going.first.spark.sql(
        f"INSERT INTO {seals} SELECT batch, definition, '{{}}' FROM {seals} WHERE batch = {number}"
    )
    assert going.second.run(number, 2)["tables"]["totals"]["rows"] == len(going.dropped[-1])


def test_two_attempts_that_make_the_tables_at_once_make_them_once(fresh: Pair) -> None:
    number = fresh.drop()
    with paused(fresh.first, number, Pause("gold apply", "change", "totals")):
        fresh.second.run(number, 2)
        fresh.second.run(fresh.drop())
    fresh.assert_as_by_one()


def test_tables_of_another_incarnation_are_refused(fresh: Pair, tmp_path: Path) -> None:
    """And each commit point of a first batch is passed in its order."""
    passed: list[Pause] = []
    fresh.first.run(fresh.drop(), 1, passed.append)
    points = [pause.point for pause in passed if pause.moment == "look"]
    assert points == [pause.point for pause in passed if pause.moment == "change"]
    assert points == sorted(points, key=POINTS.index)
    assert set(POINTS) - set(points) == {"silver cleaning", "gold cleaning", "failure"}
    again = ALake(tmp_path / "again", fresh.lake.pipeline, "20270101T000000000Z-abcdef")
    again.define({}, {"totals": gold("SELECT 'a' AS name", ["name"], "totals")})
    with pytest.raises(UnbalancedBooksError, match="of incarnation 2026"):
        Runs(fresh.first.spark, again, fresh.first.warehouse).run(again.batch())


def test_an_attempt_at_a_batch_that_ended_says_nothing(going: Pair) -> None:
    passed: list[Pause] = []
    number = going.drop()
    with paused(going.first, number, Pause("silver.json", "look", "")) as running:
        going.lake.skip(number)
    assert running.result() is None
    folder = going.lake.root / going.lake.folder(number)
    # Its work folder may stay, empty.
    files = [path.name for path in folder.rglob("*") if path.is_file()]
    assert sorted(files) == ["manifest.json", "skipped.json"]
    assert going.second.attempt(number, 2, passed.append) is None
    assert passed == []
