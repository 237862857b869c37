"""In real Spark: properties whose columns have other names, and instants counted since 1970."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from pyspark.sql import SparkSession

from assay_jobs.contract import check_json, check_text, read_bodies, read_contract
from assay_jobs.contract.reader import Contract

NAMES = ["device-id", "_id", "@timestamp", "Order ID", "a.b", "a[0]", "it's", 'say "x"', "größe",
         "back\\slash", "what?",
         "$", " lead", "line\nbreak", "😀", "'\"?["]  # fmt: skip


def a_contract(properties: dict[str, dict[str, Any]], **more: Any) -> Contract:
    return read_contract({"type": "object", "properties": properties, **more})


def judged(spark: SparkSession, contract: Contract, *bodies: str) -> list[Any]:
    rows = ", ".join(f"({at}, X'{body.encode().hex()}')" for at, body in enumerate(bodies))
    bodies_ = spark.sql(f"SELECT * FROM VALUES {rows} AS b (_at, _body)")
    frame = check_json(read_bodies(bodies_, "01"), contract)
    instants = [f"{each.instant} AS `_i_{each.column}`" for each in contract.properties
                if each.instant]  # fmt: skip
    return (
        frame.selectExpr("_at", "_problem", *contract.columns, *instants).orderBy("_at").collect()
    )


def test_any_property_is_read_into_the_column_that_it_names(spark: SparkSession) -> None:
    contract = a_contract(
        {name: {"type": "string", "x-column": f"c{at}"} for at, name in enumerate(NAMES)},
        additionalProperties=False,
        required=NAMES,
    )
    body = {name: f"v{at}" for at, name in enumerate(NAMES)}
    without = {name: value for name, value in body.items() if name != "device-id"}
    whole, lacking, more = judged(
        spark, contract, json.dumps(body), json.dumps(without), json.dumps({**body, "c0": "x"})
    )
    assert whole["_problem"] is None
    assert [whole[f"c{at}"] for at in range(len(NAMES))] == list(body.values())
    assert lacking["_problem"] == "device-id: required"
    assert more["_problem"] == "body: additionalProperties"


def test_a_problem_names_the_property_also_where_it_has_a_colon(spark: SparkSession) -> None:
    names = ["a: b", ": ", "a:", "body: a", "😀: b"]
    contract = a_contract(
        {name: {"type": "string", "x-column": f"c{at}"} for at, name in enumerate(names)}
    )
    body = json.dumps(dict.fromkeys(names, 1)).encode()
    bodies = spark.sql(f"SELECT X'{body.hex()}' AS _body")
    [row] = check_json(read_bodies(bodies, "01"), contract).collect()
    found = [(each["path"], each["problem"]) for each in row["_problems"]]
    assert found == [(name, "type string") for name in names]
    assert row["_problem"] == "a: b: type string"


def test_a_column_of_a_file_is_known_by_the_property_too(spark: SparkSession) -> None:
    contract = a_contract({"Order ID": {"type": "integer", "x-column": "order_id"}}, **{
        "x-key": ["Order ID"]})  # fmt: skip
    rows = spark.sql("SELECT * FROM VALUES ('7'), ('seven') AS r (_text_0)")
    found = check_text(rows, contract).select("order_id", "_problem").collect()
    assert [tuple(row) for row in found] == [(7, None), (None, "Order ID: type integer")]


SECONDS: list[tuple[str, str | None]] = [
    ("0", "1970-01-01 00:00:00"),
    ("1767225600", "2026-01-01 00:00:00"),
    ("-1", "1969-12-31 23:59:59"),
    ("253402300799", "9999-12-31 23:59:59"),
    ("253402300800", None),
    ("1.767225600e9", "2026-01-01 00:00:00"),
    ("1767225600000000000000e-12", "2026-01-01 00:00:00"),
    ("-62135596801", None),
    ("9223372036854775807", None),
]
MILLISECONDS: list[tuple[str, str | None]] = [
    ("1767225600123", "2026-01-01 00:00:00.123"),
    ("-1", "1969-12-31 23:59:59.999"),
    ("253402300799999", "9999-12-31 23:59:59.999"),
    ("253402300800000", None),
]
WITH_FRACTIONS: list[tuple[str, str | None]] = [
    ("1767225600.25", "2026-01-01 00:00:00.25"),
    ("1767225600", "2026-01-01 00:00:00"),
    ("1e400", None),
    ("1e30", None),
]
TEXTS: list[tuple[str, str | None]] = [
    ('"1767225600"', "2026-01-01 00:00:00"),
    ('"1767225600.123456"', "2026-01-01 00:00:00.123456"),
    ('"1.7672256e9"', "2026-01-01 00:00:00"),
    (f'"1767225600.{"0" * 89}"', "2026-01-01 00:00:00"),
    (f'"1767225600.{"0" * 90}"', None),
    ('"today"', None),
    ('""', None),
]


@pytest.mark.parametrize(
    ("kind", "unit", "cases"),
    [
        ("integer", "epoch-seconds", SECONDS),
        ("integer", "epoch-milliseconds", MILLISECONDS),
        ("number", "epoch-seconds", WITH_FRACTIONS),
        ("string", "epoch-seconds", TEXTS),
    ],
)
def test_an_epoch_is_an_instant_or_a_problem(
    spark: SparkSession, kind: str, unit: str, cases: list[tuple[str, str | None]]
) -> None:
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    contract = a_contract({"at-ms": {"type": kind, "x-parse": unit, "x-column": "at"}})
    assert contract.instant_of("at-ms") == contract.properties[0].instant
    rows = judged(spark, contract, *(f'{{"at-ms": {written}}}' for written, _ in cases))
    found = [row["_i_at"] for row in rows]
    wanted = [None if at is None else datetime.fromisoformat(at) for _, at in cases]
    assert found == wanted
    for (_, at), row in zip(cases, rows, strict=True):
        assert (row["_problem"] is None) == (at is not None)


def test_months_have_english_names_and_years_of_two_digits_are_of_this_century(
    spark: SparkSession,
) -> None:
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    short = a_contract({"at": {"type": "string", "x-parse": "MMM d yyyy"}})
    long = a_contract({"at": {"type": "string", "x-parse": "d MMMM yy"}})
    found = [
        [
            row["_i_at"]
            for row in judged(spark, short, '{"at":"Jan 1 2000"}', '{"at":"Mai 1 2000"}')
        ],
        [row["_i_at"] for row in judged(spark, long, '{"at":"3 May 99"}', '{"at":"3 May 1999"}')],
    ]
    assert found == [[datetime(2000, 1, 1), None], [datetime(2099, 5, 3), None]]
