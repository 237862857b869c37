"""Where a mistake is told that comes without a line."""

from __future__ import annotations

import pytest

from assay_jobs.batch import Definition, GoldTable, Source
from assay_jobs.errors import InputError
from assay_jobs.places import in_contract, place

SQL = "-- delays\nSELECT\n  origin,\n  day,\n  avg(delay) AS mean\nFROM silver.flights"


def line_told(message: str, sql: str = SQL) -> int | None:
    table = GoldTable("t", "gold/t.sql", "full", ("origin", "day"), "refuse", sql, ())
    error = InputError("X", message, file="gold/t.sql")
    place(error, Definition("d", {}, (table,), {}))
    return error.line


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ('The non-aggregating expression "day" is based on columns', 4),
        ("A column with name `f`.`delay` cannot be resolved", 5),
        ("the key (origin, day) is repeated in 2 rows", 3),
        ("the key column day is not selected", 4),
        ("The query does not include a GROUP BY clause.", 3),
        ('nothing of "this" is there', 3),
    ],
)
def test_a_mistake_of_sql_has_the_line_of_what_it_names(message: str, line: int) -> None:
    assert line_told(message) == line


def test_lines_are_counted_from_the_first_whatever_it_holds() -> None:
    assert line_told('"origin" is wrong', "\nSELECT origin") == 2
    assert line_told("no `Xday`", "SELECT\n  a,\n  Xday\nFROM silver.flights") == 3


def test_sql_that_cannot_be_read_has_its_first_line() -> None:
    assert line_told("x", "SELECT (") == 1
    assert line_told("x", "") == 1


def test_a_line_that_is_known_stays() -> None:
    table = GoldTable("t", "gold/t.sql", "full", ("origin",), "refuse", SQL, ())
    error = InputError("X", "`origin`", file="gold/t.sql", line=6)
    place(error, Definition("d", {}, (table,), {}))
    assert error.line == 6


@pytest.mark.parametrize(
    ("message", "line"),
    [("contract of s, delay: the column delay was bigint", 7), ("contract of s: x", 1)],
)
def test_a_mistake_of_a_contract_has_its_file_and_line(message: str, line: int) -> None:
    file = "contracts/c.schema.json"
    source = Source(
        "s", "stream", {}, file, {"delay": 7}, True, None, None, 0, None, "replace", "first", {}
    )
    with pytest.raises(InputError) as told, in_contract(source):
        raise InputError("SILVER_COLUMN_TYPE", message)
    assert (told.value.file, told.value.line) == (file, line)
