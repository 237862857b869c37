"""What becomes of each body, one literal row at a time."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

import pytest
from pyspark.sql import SparkSession

from assay_jobs.contract.vectors import read_vectors
from assay_jobs.verify_contract import verify
from assay_jobs.warehouse import Warehouse
from lakes import ALake, events
from running import Row, Runs

CONTRACT, VECTORS = read_vectors()
BODIES = [(each.name, each.body, each.reason) for each in VECTORS]


@pytest.fixture(scope="module")
def batch(lake: ALake, runs: Runs) -> tuple[dict[str, Any], list[Row]]:
    lake.define({"flights": events(CONTRACT, eventTime="at")})
    number = lake.batch([lake.slice([body for _, body, _ in BODIES])])
    return runs.run(number), runs.log("flights", number)


@pytest.mark.parametrize("at", range(len(BODIES)), ids=[name for name, _, _ in BODIES])
def test_each_body_gets_its_verdict(batch: tuple[dict[str, Any], list[Row]], at: int) -> None:
    _, body, reason = BODIES[at]
    row = batch[1][at]
    assert (row["_reason"], row["_verdict"]) == (
        reason,
        "quarantined" if reason else "accepted",
    )
    assert row["_body"] == (body if reason else None)


def test_an_engine_that_judges_so_has_the_same_digest(spark: SparkSession) -> None:
    differences, digest = verify(Warehouse(spark, "none", "none"))
    assert differences == []
    verdicts = json.dumps([[name, reason] for name, _, reason in BODIES])
    assert digest == hashlib.sha256(verdicts.encode()).hexdigest()


def test_the_account_counts_every_row_once(batch: tuple[dict[str, Any], list[Row]]) -> None:
    account = batch[0]["sources"]["flights"]
    bad = sum(1 for _, _, reason in BODIES if reason)
    assert account["received"] == len(BODIES)
    assert (account["accepted"], account["quarantined"]) == (len(BODIES) - bad, bad)
    assert account["newestEventAt"] == "2001-03-31T10:00:00.000Z"
    [partition] = account["partitions"].values()
    assert partition == {
        "from": 0,
        "to": len(BODIES) - 1,
        "rows": len(BODIES),
        "distinct": len(BODIES),
    }


def test_the_account_counts_the_most_frequent_reasons(
    batch: tuple[dict[str, Any], list[Row]],
) -> None:
    account = batch[0]["sources"]["flights"]
    reasons = Counter(reason for _, _, reason in BODIES if reason)
    assert len(reasons) > 11
    counted = account["quarantinedBy"]
    others = counted.pop("other")
    assert len(counted) == 10
    assert counted == {reason: reasons[reason] for reason in counted}
    assert min(counted.values()) >= max(reasons[each] for each in reasons.keys() - counted.keys())
    assert sum(counted.values()) + others == account["quarantined"]
    assert "duplicateBy" not in account


def test_a_row_says_all_that_is_wrong_with_it(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    long = "x" * 41
    bodies = [
        '{"id": "A", "part": -1.50, "flag": null, "day": "' + long + '", "x": 1, "y": 2}',
        '{"id": "abc", "at": "2001/03/31 10:00"} x',
    ]
    number = runs.lake.batch([runs.lake.slice([*bodies], 1000)])
    runs.run(number)
    first, second = runs.log("flights", number)
    found = [(each["path"], each["problem"], each["value"]) for each in first["_problems"]]
    assert found == [
        ("body", "additionalProperties", "x, y"),
        ("id", "pattern ^[a-z]+$", '"A"'),
        ("id", "minLength 2", '"A"'),
        ("at", "required", None),
        ("part", "exclusiveMinimum 0", "-1.5"),
        ("flag", "type boolean", None),
        # Too long to be shown.
        ("day", "format date", None),
    ]
    assert first["_reason"] == "body: additionalProperties", "the first, without a value"
    [only] = second["_problems"]
    assert (only["path"], only["problem"]) == ("body", "more behind its JSON value")


def test_silver_holds_the_good_rows_typed(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    rows = {row["_sequence"]: row for row in runs.rows("silver", "flights")}
    good = {at: body for at, (_, body, reason) in enumerate(BODIES) if reason is None}
    assert set(rows) == set(good)
    by_name = {name: rows[at] for at, (name, _, _) in enumerate(BODIES) if at in rows}
    assert by_name["1.0 as an integer"]["whole"] == 1
    assert by_name["5e0 as an integer"]["whole"] == 5
    assert by_name["a quote and a backslash"]["kind"] == 'it\'s \\ "b"'
    assert by_name["a good body"]["at"] == "2001/03/31 10:00"


def test_other_readers_can_read_the_tables(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    for table in ("flights", "flights_log"):
        assert runs.table("silver", table).protocol().min_reader_version == 1


def test_the_quarantine_is_a_view_of_the_log(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    view = f"spark_catalog.{runs.lake.pipeline}_silver.flights_quarantine"
    assert (
        runs.spark.table(view).where("_batch = 1").count()
        == batch[0]["sources"]["flights"]["quarantined"]
    )


def test_the_quarantine_gets_the_columns_that_the_log_gets(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    lake = runs.lake
    wider = {**CONTRACT, "properties": {**CONTRACT["properties"], "more": {"type": "string"}}}
    lake.define({"flights": events(wider, eventTime="at")})
    runs.run(lake.batch([lake.slice(['{"id": "A", "more": "x"}'], 2000)]))
    view = f"spark_catalog.{lake.pipeline}_silver.flights_quarantine"
    assert runs.spark.table(view).where("more = 'x'").count() == 1
