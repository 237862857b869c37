"""What an author gets told, and what is not done before she has repaired it."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.errors import InputError
from lakes import FLIGHT, ALake, events, flight, gold
from running import Runs

GOOD = "SELECT origin, count(*) AS flights FROM silver.flights GROUP BY origin"

MISTAKES: list[tuple[str, str, str, int | None, str]] = [
    (
        "an unknown column",
        "SELECT\n  origin,\n  sum(flights.dely) AS delay\nFROM silver.flights\nGROUP BY origin",
        "UNRESOLVED_COLUMN.WITH_SUGGESTION", 3, "`flights`.`dely`",
    ),
    (
        "a line that Spark does not read",
        "SELECT origin\nFROM silver.flights\nGROUP origin BY",
        "PARSE_SYNTAX_ERROR", 3, "",
    ),
    (
        "a value that cannot be cast",
        "SELECT origin,\n  sum(\n    CAST(destination AS INT)) AS n\nFROM silver.flights GROUP BY 1",
        "CAST_INVALID_INPUT", 3, "'LAS'",
    ),
    (
        "a division by zero",
        "SELECT origin,\n  count(*) / sum(0) AS n\nFROM silver.flights GROUP BY origin",
        "DIVIDE_BY_ZERO", 2, "",
    ),
    (
        "a table that is not there",
        "SELECT origin\nFROM\n  gold.later GROUP BY origin",
        "TABLE_NOT_FOUND", 3, "gold.later",
    ),
    (
        "a key that repeats", "SELECT origin, delay FROM silver.flights",
        "GOLD_KEY_NOT_UNIQUE", None, "DTW",
    ),
    (
        "a key that is null",
        "SELECT nullif(origin, 'DTW') AS origin, 1 AS n FROM silver.flights GROUP BY ALL",
        "GOLD_KEY_NOT_UNIQUE", None, "null",
    ),
    (
        "a key that is missing", "SELECT 1 AS n FROM silver.flights",
        "KEY_COLUMN_MISSING", None, "origin",
    ),
    (
        "a column that JSON does not carry",
        "SELECT origin, map(1, 2) AS m FROM silver.flights GROUP BY origin",
        "COLUMN_TYPE", None, "map<int,int>",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def batch(lake: ALake) -> int:
    lake.define({"flights": events(FLIGHT)}, {"early": gold(GOOD, ["origin"], "early")})
    return lake.batch([lake.slice([flight(), flight(delay=1), flight(origin="ABC")])])


def test_each_mistake_is_told_with_its_place(lake: ALake, runs: Runs, batch: int) -> None:
    told: dict[str, Any] = {}
    for attempt, (name, sql, *_) in enumerate(MISTAKES, start=1):
        digest = lake.define(
            {"flights": events(FLIGHT)},
            {"early": gold(GOOD, ["origin"], "early"), "wrong": gold(sql, ["origin"], "wrong")},
        )
        lake.repair(batch, digest)
        with pytest.raises(InputError):
            runs.run(batch, attempt)
        failure = lake.read(f"{lake.folder(batch)}/failures/{attempt}.json")
        assert (failure["attempt"], failure["retryable"]) == (attempt, False)
        assert failure["file"] == "gold/wrong.sql"
        assert "\n" not in failure["message"] and "_next_" not in failure["message"]
        told[name] = failure
    places = {name: (each["condition"], each["line"]) for name, each in told.items()}
    assert places == {name: (condition, line) for name, _, condition, line, _ in MISTAKES}
    for name, _, _, _, part in MISTAKES:
        assert part in told[name]["message"], name
        assert told[name]["sqlState"] or told[name]["condition"] == "TABLE_NOT_FOUND"


def test_no_gold_is_committed_before_all_of_it_is_checked(runs: Runs, batch: int) -> None:
    assert not (runs.warehouse / f"{runs.lake.pipeline}_gold.db" / "early").exists()


def test_the_repaired_definition_goes_through(lake: ALake, runs: Runs, batch: int) -> None:
    digest = lake.define({"flights": events(FLIGHT)}, {"early": gold(GOOD, ["origin"], "early")})
    lake.repair(batch, digest)
    process = runs.run(batch, 99)
    assert (process["definition"], process["attempt"]) == (digest, 99)
    assert process["sources"]["flights"]["received"] == 3
    assert {key: row["flights"] for key, row in runs.gold("early", "origin").items()} == {
        ("DTW",): 2, ("ABC",): 1,
    }  # fmt: skip
    assert runs.table("gold", "early").protocol().min_reader_version == 1


def test_a_rebuild_with_other_columns_writes_every_document_anew(lake: ALake, runs: Runs) -> None:
    sql = "SELECT origin, count(*) AS flights, max(delay) AS worst FROM silver.flights GROUP BY 1"
    lake.define({"flights": events(FLIGHT)}, {"early": gold(sql, ["origin"], "early")})
    process = runs.run(lake.batch(kind="rebuild"))
    assert [process["gold"]["early"][name] for name in ("rows", "inserted", "updated")] == [2, 0, 2]
    assert {key: row["worst"] for key, row in runs.gold("early", "origin").items()} == {
        ("DTW",): 66, ("ABC",): 66,
    }  # fmt: skip


def test_a_table_keeps_its_key(lake: ALake, runs: Runs) -> None:
    sql = "SELECT origin AS airport, count(*) AS flights FROM silver.flights GROUP BY 1"
    lake.define({"flights": events(FLIGHT)}, {"early": gold(sql, ["airport"], "early")})
    with pytest.raises(InputError, match="key column airport is new: give the table a new name"):
        runs.run(lake.batch(kind="rebuild"))


def test_a_contract_may_gain_a_property_but_not_change_one(lake: ALake, runs: Runs) -> None:
    properties: dict[str, Any] = FLIGHT["properties"]  # type: ignore[assignment]
    wider = {**FLIGHT, "properties": {**properties, "gate": {"type": "string"}}}
    lake.define({"flights": events(wider)})
    runs.run(lake.batch([lake.slice([flight(gate="B7")], 3)]))
    assert {row["gate"] for row in runs.rows("silver", "flights")} == {None, "B7"}
    other = {**FLIGHT, "properties": {**properties, "delay": {"type": "number"}}}
    lake.define({"flights": events(other)})
    with pytest.raises(InputError, match="delay: was integer and is now number"):
        runs.run(lake.batch([lake.slice([flight()], 4)]))
