"""What an author gets told, and what is not done before she has repaired it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay_jobs.errors import InputError
from lakes import FLIGHT, ALake, events, files, flight, gold
from running import Runs

GOOD = "SELECT origin, count(*) AS flights FROM silver.flights GROUP BY origin"

# 1,024 bytes as a name, in which a space takes three.
TOO_LONG = "repeat('a', 1021) || ' '"
JUST_FITS = "repeat('a', 1020) || ' '"

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
        "CAST_INVALID_INPUT", 3, 'The value … of the type "STRING"',
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
        "GOLD_KEY_NOT_USABLE", 1, 'the key (origin) is repeated in 2 rows. Group the SELECT by the key',
    ),
    (
        "what Spark would replace",
        "SELECT origin,\n  '${env:HOME}' AS home\nFROM silver.flights GROUP BY origin",
        "SQL_SUBSTITUTION", 2, "Spark would replace ${…}",
    ),
    (
        "several mistakes",
        "SELECT if(origin = 'ABC', '', origin) AS origin, delay FROM silver.flights",
        "GOLD_KEY_NOT_USABLE", 1,
        "the key (origin) is repeated in 2 rows. ",
    ),
    (
        "a name that Delta refuses",
        "SELECT origin,\n  count(*) AS n,\n  avg(delay) AS `mean delay`\nFROM silver.flights\nGROUP BY origin",
        "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES", 3, "mean delay",
    ),
    (
        "two names that Delta takes for one",
        "SELECT origin,\n  count(*) AS flights,\n  avg(delay) AS Flights\nFROM silver.flights\nGROUP BY origin",
        "COLUMN_TWICE", 3, "the column Flights is there twice",
    ),
    (
        "a key that is missing", "SELECT 1 AS n FROM silver.flights",
        "KEY_COLUMN_MISSING", 1, "origin",
    ),
    (
        "a missing GROUP BY",
        "SELECT\n  origin,\n  delay,\n  count(*) AS n\nFROM silver.flights\nGROUP BY origin",
        "MISSING_AGGREGATION", 3, "delay",
    ),
    (
        "no GROUP BY at all", "SELECT\n  origin,\n  count(*) AS n\nFROM silver.flights",
        "MISSING_GROUP_BY", 1, "GROUP BY",
    ),
    (
        "a column that JSON does not carry",
        "SELECT origin, map(1, 2) AS m FROM silver.flights GROUP BY origin",
        "COLUMN_TYPE", 1, "map<int,int>",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def batch(lake: ALake, runs: Runs) -> int:
    """Without input, so that an attempt at it is one at gold alone."""
    lake.define({"flights": events(FLIGHT)})
    slices = [lake.slice([flight(), flight(delay=1), flight(origin="ABC")])]
    assert runs.run(lake.batch(slices))["sources"]["flights"]["received"] == 3
    lake.define({"flights": events(FLIGHT)}, {"early": gold(GOOD, ["origin"], "early")})
    return lake.batch(kind="rebuild")


def test_each_mistake_is_told_with_its_place(lake: ALake, runs: Runs, batch: int) -> None:
    told: dict[str, Any] = {}
    for attempt, (name, sql, *_) in enumerate(MISTAKES, start=1):
        wrong, early = gold(sql, ["origin"], "wrong"), gold(GOOD, ["origin"], "early")
        # The first time behind a table without a mistake; each time would cost the work on that.
        tables = {"early": early, "wrong": wrong} if attempt == 1 else {"wrong": wrong}
        digest = lake.define({"flights": events(FLIGHT)}, tables)
        lake.repair(batch, digest)
        with pytest.raises(InputError):
            runs.run(batch, attempt)
        failure = lake.read(f"{lake.folder(batch)}/failures/{attempt}.json")
        assert (failure["attempt"], failure["step"]) == (attempt, "gold")
        assert failure["file"] == "gold/wrong.sql"
        assert "\n" not in failure["message"] and "_next_" not in failure["message"]
        told[name] = failure
    places = {name: (each["condition"], each.get("line")) for name, each in told.items()}
    assert places == {name: (condition, line) for name, _, condition, line, _ in MISTAKES}
    for name, _, _, _, part in MISTAKES:
        assert part in told[name]["message"], name


def test_no_gold_is_committed_before_all_of_it_is_checked(runs: Runs, batch: int) -> None:
    assert not (runs.warehouse / f"{runs.lake.pipeline}_gold.db" / "early").exists()


def test_the_repaired_definition_goes_through(lake: ALake, runs: Runs, batch: int) -> None:
    digest = lake.define({"flights": events(FLIGHT)}, {"early": gold(GOOD, ["origin"], "early")})
    lake.repair(batch, digest)
    process = runs.run(batch, 99)
    assert process["definition"] == digest
    assert {key: row["flights"] for key, row in runs.gold("early", "origin").items()} == {
        ("DTW",): 2, ("ABC",): 1,
    }  # fmt: skip
    assert runs.table("gold", "early").protocol().min_reader_version == 1


def test_a_part_of_the_changes_is_not_longer_than_the_app_can_read(
    lake: ALake, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay_jobs.gold.staging.ROWS_PER_PART", 2)
    numbers = "LATERAL explode(sequence(1, 5)) AS numbers (n)"
    sql = f"SELECT origin || n AS origin, n FROM silver.flights, {numbers} GROUP BY ALL"
    lake.define({"flights": events(FLIGHT)}, {"parts": gold(sql, ["origin"], "parts")})
    process = runs.run(lake.batch(kind="rebuild"))
    assert process["tables"]["parts"]["inserted"] == 10
    assert len(lake.changes(process, "parts")) == 10
    assert max(part["rows"] for part in process["tables"]["parts"]["changes"]) == 2


def test_a_rebuild_with_other_columns_writes_every_document_anew(lake: ALake, runs: Runs) -> None:
    lake.define({"flights": events(FLIGHT)}, {"early": gold(GOOD, ["origin"], "early")})
    runs.run(lake.batch(kind="rebuild"))
    sql = "SELECT origin, count(*) AS flights, max(delay) AS worst FROM silver.flights GROUP BY 1"
    lake.define({"flights": events(FLIGHT)}, {"early": gold(sql, ["origin"], "early")})
    process = runs.run(lake.batch(kind="rebuild"))
    assert [process["tables"]["early"][name] for name in ("rows", "inserted", "updated")] == [
        2,
        0,
        2,
    ]
    assert {key: row["worst"] for key, row in runs.gold("early", "origin").items()} == {
        ("DTW",): 66, ("ABC",): 66,
    }  # fmt: skip


def test_what_a_process_that_died_in_a_trial_left_is_removed(lake: ALake, runs: Runs) -> None:
    gold_schema = f"spark_catalog.{lake.pipeline}_gold"
    runs.spark.sql(f"CREATE TABLE {gold_schema}._trial_1_0123abcd (a int) USING delta")
    sql = "SELECT origin, min(delay) AS best FROM silver.flights GROUP BY 1"
    lake.define({"flights": events(FLIGHT)}, {"early": gold(sql, ["origin"], "early")})
    runs.run(lake.batch(kind="rebuild"))
    tables = {row["tableName"] for row in runs.spark.sql(f"SHOW TABLES IN {gold_schema}").collect()}
    assert not [name for name in tables if name.startswith("_trial_")]


def test_a_contract_may_gain_a_property_but_not_change_one(lake: ALake, runs: Runs) -> None:
    properties: dict[str, Any] = FLIGHT["properties"]  # type: ignore[assignment]
    wider = {**FLIGHT, "properties": {**properties, "gate": {"type": "string"}}}
    lake.define({"flights": events(wider)})
    runs.run(lake.batch([lake.slice([flight(gate="B7")], 3)]))
    assert {row["gate"] for row in runs.rows("silver", "flights")} == {None, "B7"}
    other = {**FLIGHT, "properties": {**properties, "delay": {"type": "number"}}}
    place = {"contractFile": "contracts/flight.schema.json", "contractLines": {"delay": 9}}
    lake.define({"flights": {**events(other), **place}})
    with pytest.raises(InputError, match="delay: was integer and is now number") as told:
        runs.run(lake.batch([lake.slice([flight()], 4)]))
    assert (told.value.file, told.value.line) == ("contracts/flight.schema.json", 9)


def test_a_repair_may_bring_what_gold_needs(lake: ALake, runs: Runs) -> None:
    """Silver of the batch is done by then: only its tables still change."""
    needing = "SELECT origin, max(crew) AS crew, count(a.iata) AS n FROM silver.flights "
    needing += "LEFT JOIN silver.airports a ON a.iata = origin GROUP BY origin"
    tables = {"crews": gold(needing, ["origin"], "crews")}
    lake.define({"flights": events(FLIGHT)}, tables)
    number = lake.batch([lake.slice([flight()], 5)])
    with pytest.raises(InputError, match="crew"):
        runs.run(number)
    properties: dict[str, Any] = FLIGHT["properties"]  # type: ignore[assignment]
    wider = {**FLIGHT, "properties": {**properties, "crew": {"type": "string"}}}
    lake.repair(number, lake.define({"flights": events(wider), "airports": files()}, tables))
    process = runs.run(number, 2)
    assert process["sources"]["flights"]["received"] == 1
    assert process["tables"]["crews"]["inserted"] > 0
    assert {(row["crew"], row["n"]) for row in runs.rows("gold", "crews")} == {(None, 0)}


UNUSABLE = {
    "null": "SELECT nullif(origin, 'DTW') AS origin, 1 AS n FROM silver.flights GROUP BY ALL",
    "empty": "SELECT replace(origin, 'DTW', '') AS origin, 1 AS n FROM silver.flights GROUP BY ALL",
    "too long": f"SELECT {TOO_LONG} AS origin, 1 AS n UNION SELECT {JUST_FITS}, 1 UNION SELECT 'b', 2",
}


def test_a_row_whose_key_names_no_document_is_refused_alone(lake: ALake, runs: Runs) -> None:
    names = {why: f"keys_{why.replace(' ', '_')}" for why in UNUSABLE}

    def tables(texts: dict[str, str]) -> dict[str, Any]:
        found = {}
        for why, name in names.items():
            later = f"SELECT origin, n + 1 AS n FROM gold.{name}"
            found[name] = gold(texts[why], ["origin"], name)
            found[f"after_{name}"] = gold(later, ["origin"], f"after_{name}")
        return found

    good = {
        why: sql.replace("'DTW'", "'ZZZ'").replace("1021", "1020") for why, sql in UNUSABLE.items()
    }
    # First tables with the row, then the same without: it goes, and nobody waits.
    for texts in (good, UNUSABLE, UNUSABLE):
        lake.define({"flights": events(FLIGHT)}, tables(texts))
        process = runs.run(lake.batch(kind="rebuild"))
    for why, name in names.items():
        for table in (name, f"after_{name}"):
            told = process["tables"][table]
            assert told["refused"] == ({why: 1} if table == name else {})
            assert (told["inserted"], told["updated"], told["deleted"]) == (0, 0, 0)
            assert told["changes"] == []
            keys = {row["origin"] for row in runs.rows("gold", table)}
            assert len(keys) == told["rows"] and not keys & {None, "", "DTW"}
        # The lake has the refused keys, for who looks for them.
        [line] = [
            json.loads(text)
            for part in (lake.root / lake.folder(lake.number)).rglob(f"changes/{name}/part-*.json")
            for text in part.read_text().splitlines()
        ]
        assert (line["op"], line["reason"]) == ("refused", why)


def test_an_author_may_have_the_batch_wait_for_her(lake: ALake, runs: Runs) -> None:
    lake.define({"flights": events(FLIGHT)})
    number = lake.batch(kind="rebuild")
    for attempt, sql in enumerate(UNUSABLE.values(), start=1):
        blocking = gold(sql, ["origin"], "keys", onUnusableKey="block")
        lake.repair(number, lake.define({"flights": events(FLIGHT)}, {"keys": blocking}))
        with pytest.raises(InputError, match=r"in 1 row\. Leave such rows out with WHERE"):
            runs.run(number, attempt)
    lake.repair(number, lake.define({"flights": events(FLIGHT)}))
    runs.run(number, 9)


def test_a_longer_key_that_fits_is_no_mistake(lake: ALake, runs: Runs) -> None:
    """The first part names the partition, which may be twice as long; the others the document."""
    sql = f"SELECT repeat('é', 341) AS a, {JUST_FITS} AS origin UNION ALL SELECT ':', 'b'"
    lake.define({"flights": events(FLIGHT)}, {"long": gold(sql, ["a", "origin"], "long")})
    assert runs.run(lake.batch(kind="rebuild"))["tables"]["long"]["rows"] == 2
    longer = sql.replace("341", "342")
    lake.define({"flights": events(FLIGHT)}, {"long": gold(longer, ["a", "origin"], "long")})
    process = runs.run(lake.batch(kind="rebuild"))
    assert process["tables"]["long"]["refused"] == {"too long": 1}
