"""The check of gold SQL at package time: what it finds, and what it lets through."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.check.sql import check_sql
from lakes import flights_gold

MISTAKES: list[tuple[str, str, int, str, str]] = [
    ("an open bracket", "SELECT a\nFROM (silver.flights", 2, "Expecting )", "one complete SELECT"),
    ("an open quote", "SELECT a,\n 'b\nFROM silver.flights", 3, "is not closed", "close it"),
    ("nothing", "-- later\n", 1, "no statement", "one SELECT"),
    ("two statements", "SELECT a FROM silver.flights;\nSELECT 1 AS a", 2, "2 statements", "one SELECT"),
    ("no SELECT", "DROP TABLE silver.flights", 1, "DROP is not a SELECT", "one SELECT"),
    ("a misspelt table", "SELECT a\nFROM silver.flight", 2, "silver.flight is not", "silver.flights"),
    ("no schema", "SELECT a\nFROM flights", 2, "flights is not a table", "silver.flights"),
    ("another schema", "SELECT a\nFROM other.flights", 2, "not this pipeline's", "silver.flights"),
    ("a catalog", "SELECT a\nFROM main.silver.flights", 2, "not this pipeline's", "silver.flights"),
    ("a path", "SELECT a\nFROM delta.`/tmp/x`", 2, "not this pipeline's", "one of silver."),
    ("a file", "SELECT a\nFROM read_files('/tmp/x')", 2, "READ_FILES", "silver.<source>"),
    ("a star", "SELECT\n*\nFROM silver.flights", 2, "*", "the columns by name"),
    ("a star of a table", "SELECT a, f.*\nFROM silver.flights AS f", 1, "*", "the columns by name"),
    ("now", "SELECT a,\n now() AS b FROM silver.flights", 2, "now may answer", "of the data"),
    ("today", "SELECT a,\n current_date AS b FROM silver.flights", 2, "current_date", "of the data"),
    ("chance", "SELECT a,\n rand() AS b FROM silver.flights", 2, "rand may", "of the data"),
    ("a new id", "SELECT a,\n uuid() AS b FROM silver.flights", 2, "uuid may", "of the data"),
    ("any row", "SELECT a,\n first(b) AS b FROM silver.flights GROUP BY a", 2, "first may", "min_by"),
    ("about", "SELECT a,\n percentile_approx(b, 0.5) AS b FROM silver.flights GROUP BY a", 2,
     "percentile_approx may", "percentile("),
    ("a list", "SELECT a,\n collect_list(b) AS b FROM silver.flights GROUP BY a", 2,
     "collect_list may", "array_sort("),
    ("a limit", "SELECT a FROM silver.flights\nLIMIT 5", 2, "LIMIT without", "ORDER BY"),
    ("a sample", "SELECT a FROM silver.flights\nTABLESAMPLE (5 PERCENT)", 2, "sample", "all rows"),
    ("numbers", "SELECT a,\n row_number() OVER (PARTITION BY a) AS n FROM silver.flights", 2,
     "row_number() without", "ORDER BY"),
    ("itself", "SELECT a\nFROM gold.table", 2, "reads itself", "silver tables"),
    ("no key", "SELECT\n  b, aa FROM silver.flights", 2, "key column a", "SELECT aa AS a"),
    ("a name twice", "SELECT a,\n  b AS A FROM silver.flights", 2, "is there twice", "a name for each"),
    ("no name", "SELECT a,\n  b + 1 FROM silver.flights", 2, "b + 1 has no name", "b + 1 AS a_name"),
    ("a blank in a name", "SELECT a,\n  b AS `mean delay` FROM silver.flights", 2, "`mean delay`", "mean_delay"),
    ("our names", "SELECT a,\n  _batch FROM silver.flights", 2, "Assay's", "batch"),
]  # fmt: skip

FINE = {
    "a CTE": "WITH f AS (SELECT a FROM silver.flights) SELECT f.a, count(*) AS n FROM f GROUP BY 1",
    "a nested query": "SELECT a FROM (SELECT a FROM silver.flights ORDER BY a LIMIT 3) AS x",
    "a union": "SELECT a FROM silver.flights UNION ALL SELECT b FROM silver.airports",
    "a lateral view": "SELECT a, e.z FROM silver.flights LATERAL VIEW explode(array(1)) e AS z",
    "a sorted list": "SELECT a, array_sort(collect_list(b)) AS b FROM silver.flights GROUP BY a",
    "an ordered window": "SELECT a, first(b) OVER (PARTITION BY a ORDER BY c) AS b FROM silver.flights",
    "its full name": "SELECT silver.flights.a FROM silver.flights",
    "a semicolon at the end": "SELECT a FROM silver.flights;\n",
}


def checked(sql: str, key: list[str] | None = None, **more: dict[str, Any]) -> dict[str, Any]:
    table = {"file": "gold/table.sql", "sql": sql, "key": key or ["a"]}
    request = {
        "pipeline": "p",
        "sources": ["flights", "airports"],
        "gold": {"table": table, **more},
    }
    return check_sql(request)


@pytest.mark.parametrize(
    ("sql", "line", "message", "instead"),
    [each[1:] for each in MISTAKES],
    ids=[each[0] for each in MISTAKES],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    sql: str, line: int, message: str, instead: str
) -> None:
    found = [
        each
        for each in checked(sql)["mistakes"]
        if message in each["message"] and instead in each["instead"]
    ]
    assert [(each["file"], each["line"]) for each in found] == [("gold/table.sql", line)]


@pytest.mark.parametrize("sql", FINE.values(), ids=FINE.keys())
def test_a_good_select_is_let_through(sql: str) -> None:
    assert checked(sql)["mistakes"] == []


def test_tables_come_after_those_they_read() -> None:
    def table(sql: str) -> dict[str, Any]:
        return {"file": "gold/x.sql", "sql": sql, "key": ["a"]}

    answer = checked(
        "SELECT a FROM gold.second JOIN silver.airports USING (a)",
        second=table("SELECT a FROM gold.third"),
        third=table("SELECT a FROM silver.flights"),
    )
    assert answer["mistakes"] == []
    assert answer["order"] == ["third", "second", "table"]
    assert answer["tables"]["table"]["reads"] == ["gold.second", "silver.airports"]


def test_tables_in_a_circle_are_all_told() -> None:
    second = {"file": "gold/second.sql", "sql": "SELECT a\n\nFROM gold.table", "key": ["a"]}
    mistakes = checked("SELECT a\nFROM gold.second", second=second)["mistakes"]
    assert [(each["file"], each["line"]) for each in mistakes] == [
        ("gold/second.sql", 3),
        ("gold/table.sql", 2),
    ]


def test_the_sample_is_good() -> None:
    request = {"pipeline": "flights", "sources": ["flights", "airports"], "gold": flights_gold()}
    answer = check_sql(request)
    assert answer["mistakes"] == []
    assert answer["tables"] == {
        "airport_delays": {"reads": ["silver.airports", "silver.flights"]},
        "route_delays": {"reads": ["silver.flights"]},
    }
