"""What travels in a part: the values exactly, each sink's changes or a snapshot of a table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lakes import FLIGHT, ALake, events, flight, gold
from running import CrashError, Runs, crash_before

# Literals: what a column of each type may hold at its worst.
CELLS = {
    "id": "'a'",
    "n": "CAST(9007199254740993 AS bigint)",
    "fits": "CAST(9007199254740992 AS bigint)",
    "round": "CAST(1000000000000000000 AS bigint)",
    "least": "CAST('-9223372036854775808' AS bigint)",
    "wide": "CAST('12345678901234567890123456789012345678' AS decimal(38,0))",
    "narrow": "CAST('12345678901234567.89' AS decimal(19,2))",
    "money": "CAST('1.50' AS decimal(10,2))",
    "half": "CAST('0.5' AS decimal(38,18))",
    "nan": "double('NaN')",
    "up": "double('Infinity')",
    "down": "float('-Infinity')",
    "tenth": "0.1D",
    "tiny": "5e-324D",
    "single": "float('1.1')",
    "at": "timestamp'2001-02-03 04:05:06.789012'",
    "day": "date'0001-01-01'",
    "nothing": "CAST(NULL AS string)",
    "text": "'\"\\\\\\u2028é😀\\n'",
    "flag": "true",
}
EXACT = {
    "n": "9007199254740993",
    "least": "-9223372036854775808",
    "wide": "12345678901234567890123456789012345678",
    "narrow": "12345678901234567.89",
    "nan": "NaN",
    "up": "Infinity",
    "down": "-Infinity",
}
WORST = "SELECT {} FROM silver.flights GROUP BY ALL".format(
    ", ".join(f"{sql} AS {name}" for name, sql in CELLS.items())
)
COUNTS = "SELECT origin, count(*) AS n FROM silver.flights GROUP BY origin"
SINKS = {"cosmos": ["counts"], "other": ["counts", "worst"]}


def tables(counts: str = COUNTS, key: list[str] | None = None) -> dict[str, Any]:
    return {
        "worst": gold(WORST, ["id"], "worst"),
        "counts": gold(counts, key or ["origin"], "counts"),
    }


@pytest.fixture(scope="module")
def first(lake: ALake, runs: Runs) -> dict[str, Any]:
    lake.define({"flights": events(FLIGHT)}, tables())
    return runs.run(lake.batch([lake.slice([flight(), flight(origin="ORD")])]))


def lines(lake: ALake, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [json.loads(line) for part in parts for line in lake.texts(part)]


def test_a_value_is_text_and_has_its_digits_where_a_double_has_not(
    lake: ALake, first: dict[str, Any]
) -> None:
    [line] = lines(lake, first["tables"]["worst"]["changes"])
    assert line["exact"] == EXACT
    assert (line["op"], line["key"], line["isNew"]) == ("upsert", ["a"], True)
    assert isinstance(line["value"], str)
    value = json.loads(line["value"], parse_int=str, parse_float=str)
    assert list(value) == list(CELLS)
    assert (value["n"], value["wide"]) == (EXACT["n"], EXACT["wide"])
    assert (value["narrow"], value["nan"]) == (EXACT["narrow"], "NaN")
    assert (value["at"], value["day"]) == ("2001-02-03T04:05:06.789012Z", "0001-01-01")
    assert (value["nothing"], value["text"]) == (None, '"\\\u2028é😀\n')


def test_a_line_without_such_cells_has_no_field_for_them(
    lake: ALake, first: dict[str, Any]
) -> None:
    for line in lines(lake, first["tables"]["counts"]["changes"]):
        assert list(line) == ["op", "key", "isNew", "value"]


def test_the_table_holds_what_the_select_gave(runs: Runs, first: dict[str, Any]) -> None:
    """So reading the text with the sealed schema loses nothing, in any type."""
    stored = runs.spark.table(f"spark_catalog.{runs.lake.pipeline}_gold.worst")
    wanted = runs.spark.sql(
        "SELECT " + ", ".join(f"{sql} AS {name}" for name, sql in CELLS.items())
    )
    assert [(each.name, each.dataType) for each in stored.schema] == [
        (each.name, each.dataType) for each in wanted.schema
    ]
    assert (stored.exceptAll(wanted).count(), wanted.exceptAll(stored).count()) == (0, 0)


def test_the_first_batch_is_its_own_snapshot(first: dict[str, Any]) -> None:
    assert first["sinks"] == {"cosmos": {"tables": {"worst": "snapshot", "counts": "snapshot"}}}
    for table in first["tables"].values():
        assert table["snapshot"] == table["changes"]


def test_a_new_pair_of_sink_and_table_gets_a_snapshot(
    lake: ALake, runs: Runs, first: dict[str, Any]
) -> None:
    lake.define({"flights": events(FLIGHT)}, tables(), SINKS)
    process = runs.run(lake.batch([lake.slice([flight(origin="ORD")], 2)]))
    assert process["sinks"] == {
        "cosmos": {"tables": {"counts": "changes"}},
        "other": {"tables": {"counts": "snapshot", "worst": "snapshot"}},
    }
    [change] = lines(lake, process["tables"]["counts"]["changes"])
    assert (change["key"], change["isNew"]) == (["ORD"], False)
    rows = lines(lake, process["tables"]["counts"]["snapshot"])
    assert sorted(row["value"] for row in rows) == [
        '{"origin":"DTW","n":1}', '{"origin":"ORD","n":2}',
    ]  # fmt: skip
    assert {tuple(row) for row in rows} == {("op", "key", "value")}
    assert process["tables"]["worst"]["changes"] == []
    [row] = lines(lake, process["tables"]["worst"]["snapshot"])
    assert row["exact"] == EXACT


def test_a_known_pair_gets_a_snapshot_where_an_operator_asks_for_one(
    lake: ALake, runs: Runs, first: dict[str, Any]
) -> None:
    asked = [{"sink": "other"}, {"sink": "cosmos", "table": "counts"}]
    one = runs.run(lake.batch(kind="rebuild", reloads=asked[1:]))
    assert one["sinks"] == {
        "cosmos": {"tables": {"counts": "snapshot"}},
        "other": {"tables": {"counts": "changes", "worst": "changes"}},
    }
    assert "snapshot" not in one["tables"]["worst"]
    both = runs.run(lake.batch(kind="rebuild", reloads=asked[:1]))
    assert both["sinks"]["other"]["tables"] == {"counts": "snapshot", "worst": "snapshot"}
    assert both["sinks"]["cosmos"]["tables"] == {"counts": "changes"}


def test_a_sink_of_another_kind_begins_with_a_snapshot_of_each_table(
    lake: ALake, runs: Runs, first: dict[str, Any]
) -> None:
    """Under the name of one that had them all: its store is another."""
    lake.define({"flights": events(FLIGHT)}, tables(), SINKS)
    runs.run(lake.batch(kind="rebuild"))
    lake.define({"flights": events(FLIGHT)}, tables(), SINKS, {"other": "notify"})
    process = runs.run(lake.batch(kind="rebuild"))
    assert process["sinks"] == {
        "cosmos": {"tables": {"counts": "changes"}},
        "other": {"tables": {"counts": "snapshot", "worst": "snapshot"}},
    }
    assert process["tables"]["counts"]["snapshot"] != process["tables"]["counts"]["changes"] == []
    after = runs.run(lake.batch(kind="rebuild"))
    assert after["sinks"] == {
        "cosmos": {"tables": {"counts": "changes"}},
        "other": {"tables": {"counts": "changes", "worst": "changes"}},
    }
    assert not any("snapshot" in table for table in after["tables"].values())


@pytest.mark.parametrize(
    ("sql", "key"),
    [
        ("SELECT origin, destination, count(*) AS n FROM silver.flights GROUP BY ALL",
         ["origin", "destination"]),
        ("SELECT origin, destination, count(*) AS n FROM silver.flights GROUP BY ALL",
         ["destination", "origin"]),
        ("SELECT count(*) AS n, origin FROM silver.flights GROUP BY origin", ["origin"]),
    ],
    ids=["wider", "the other way round", "another column"],
)  # fmt: skip
def test_a_table_with_another_key_is_written_anew(
    lake: ALake, runs: Runs, first: dict[str, Any], sql: str, key: list[str]
) -> None:
    lake.define({"flights": events(FLIGHT)}, tables(sql, key), SINKS)
    table = runs.run(lake.batch(kind="rebuild"))["tables"]["counts"]
    assert table["key"] == key
    assert (table["rows"], table["inserted"], table["updated"], table["deleted"]) == (2, 2, 0, 2)
    assert table["snapshot"] == table["changes"]
    keys = sorted(line["key"] for line in lines(lake, table["changes"]))
    places = {"origin": ["DTW", "ORD"], "destination": ["LAS", "LAS"]}
    assert keys == [list(each) for each in zip(*(places[name] for name in key), strict=True)]
    assert len(runs.rows("gold", "counts")) == 2


def test_after_a_batch_that_was_skipped_behind_its_seal_every_pair_gets_a_snapshot(
    lake: ALake, runs: Runs, first: dict[str, Any]
) -> None:
    """Some of its changes may be in gold, and no sink ever gets them."""
    skipped = lake.batch([lake.slice([flight(origin="SFO")], 3)])
    with pytest.raises(CrashError):
        runs.run(skipped, 1, crash_before("process.json"))
    lake.skip(skipped)
    assert runs.attempt(skipped, 2) is None
    process = runs.run(lake.batch([lake.slice([flight(origin="LAX")], 4)]))
    assert process["sinks"]["other"]["tables"] == {"counts": "snapshot", "worst": "snapshot"}
    rows = lines(lake, process["tables"]["counts"]["snapshot"])
    assert sorted(row["key"][0] for row in rows) == ["DTW", "LAX", "ORD", "SFO"]
    after = runs.run(lake.batch(kind="rebuild"))
    assert after["sinks"]["other"]["tables"] == {"counts": "changes", "worst": "changes"}


def test_old_seals_are_deleted_now_and_then(
    lake: ALake, runs: Runs, first: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay_jobs.gold.seals.KEPT", 2)
    while lake.number % 2 == 0 or lake.number < 3:
        runs.run(lake.batch(kind="rebuild"))
    number = lake.batch(kind="rebuild")
    runs.run(number)
    assert sorted(row["batch"] for row in runs.rows("gold", "_seals")) == [number - 1, number]
