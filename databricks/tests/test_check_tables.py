"""Tables and columns that cannot be: what is told of them, and what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.author_sql import parse
from assay_jobs.check.outputs import find_output_mistakes
from assay_jobs.check.sql import check_sql
from assay_jobs.check.tables import find_table_mistakes

KNOWN = ["silver.flights", "silver.airports", "gold.delays"]


def of_table(name: str, known: list[str] = KNOWN) -> tuple[int, str, str]:
    tree = parse(f"SELECT a\nFROM {name}")[0]
    [found] = find_table_mistakes("gold/a.sql", tree, known)
    assert found.file == "gold/a.sql"
    return found.line, found.message, found.instead


@pytest.mark.parametrize(
    ("name", "message", "instead"),
    [
        ("gold.delay", "is not a table of this pipeline", "Write gold.delays."),
        ("silver.flight", "is not a table of this pipeline", "Write silver.flights."),
        ("Flights", "is not a table of this pipeline", "Write silver.flights."),
        ("a_schema_of_others.flights", "is in a schema that is not this pipeline's",
         "Write silver.flights."),
        ("a.b.zzz", "is in a schema that is not this pipeline's",
         "Write one of silver.flights, silver.airports, gold.delays."),
        ("zzz", "is not a table of this pipeline",
         "Write one of silver.flights, silver.airports, gold.delays."),
    ],
)  # fmt: skip
def test_a_table_that_is_not_known_is_told_with_one_that_is(
    name: str, message: str, instead: str
) -> None:
    assert of_table(name) == (2, f"{name.lower()} {message}", instead)


def test_of_several_with_one_name_the_first_is_told() -> None:
    known = ["silver.delays", "gold.delays"]
    assert of_table("a_schema_of_others.delays", known)[2] == "Write silver.delays."


def test_a_pipeline_without_tables_needs_a_source() -> None:
    assert of_table("zzz", []) == (
        2, "zzz is not a table of this pipeline", "Add it to the pipeline's sources.",
    )  # fmt: skip


def of_columns(columns: str, *key: str) -> list[tuple[int, str, str]]:
    tree = parse(f"SELECT\n  {columns} FROM silver.s")[0]
    table: dict[str, Any] = {"file": "gold/a.sql", "key": key}
    assert tree is not None
    found = find_output_mistakes(table, tree)  # type: ignore[arg-type]
    return [(each.line, each.message, each.instead) for each in found]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("mean (delay)", "mean_delay"),
        (" Mean Delay9 ", "Mean_Delay9"),
        ("X y X", "X_y_X"),
        ("();", "a_name"),
    ],
)
def test_a_name_that_delta_refuses_is_told_with_a_plain_one(name: str, plain: str) -> None:
    assert of_columns(f"a AS `{name}`") == [
        (2, f"the column `{name}` has a character that Delta refuses in a name", f"Write {plain}.")
    ]


def test_a_key_that_nothing_is_like_is_to_be_selected() -> None:
    assert of_columns("zzz", "a") == [
        (2, "the key column a is not selected",
         "Write a into the SELECT, or change the key in pipeline.yaml."),
    ]  # fmt: skip
    assert of_columns("aa", "a")[0][2] == (
        "Write SELECT aa AS a, or change the key in pipeline.yaml."
    )


@pytest.mark.parametrize(("sql", "line"), [("\n\nSELECT a, 'b", 3), ("SELECT a,\n 'b\n\n\n", 2)])
def test_what_is_not_closed_ends_in_the_last_line_that_is_written(sql: str, line: int) -> None:
    request = {"sources": {}, "gold": {"a": {"file": "gold/a.sql", "sql": sql, "key": ["a"]}}}
    [found] = check_sql(request)["mistakes"]
    assert (found["line"], found["message"]) == (line, "a quote or a comment is not closed")


def test_each_parameter_is_told_also_behind_one_that_is_written_twice_over() -> None:
    sql = "SELECT a FROM silver.s\nWHERE b = {{city}}\nAND c = :day"
    table = {"file": "gold/a.sql", "sql": sql, "key": ["a"]}
    found = check_sql({"sources": {"s": None}, "gold": {"a": table}})["mistakes"]
    assert [(each["line"], each["message"]) for each in found] == [
        (2, "the parameter city gets no value from anybody"),
        (3, "the parameter day gets no value from anybody"),
    ]
