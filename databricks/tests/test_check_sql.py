"""The check of gold SQL at package time: what it finds, and what it lets through."""

from __future__ import annotations

import re
from typing import Any

import pytest

from assay_jobs.check.sql import check_sql
from lakes import AIRPORT, FLIGHT, flights_gold

MISTAKES: list[tuple[str, str, int, str, str]] = [
    ("an open bracket", "SELECT a\nFROM (silver.flights", 2, ") is missing", "Write one complete SELECT."),
    ("an open quote", "SELECT a,\n 'b\nFROM silver.flights", 3, "is not closed", "Close it."),
    ("nothing", "-- later\n", 1, "no statement", "Write one SELECT."),
    ("two statements", "SELECT a FROM silver.flights;\nSELECT 1 AS a", 2, "2 statements", "Write one SELECT."),
    ("no SELECT", "DROP TABLE silver.flights", 1, "DROP is not a SELECT", "Write one SELECT."),
    ("a misspelt table", "SELECT a\nFROM silver.flight", 2, "silver.flight is not", "silver.flights"),
    ("no schema", "SELECT a\nFROM flights", 2, "flights is not a table", "silver.flights"),
    ("another schema", "SELECT a\nFROM other.flights", 2, "not this pipeline's", "silver.flights"),
    ("a catalog", "SELECT a\nFROM main.silver.flights", 2, "not this pipeline's", "silver.flights"),
    ("a path", "SELECT a\nFROM delta.`/tmp/x`", 2, "not this pipeline's", "one of silver."),
    ("a file", "SELECT a\nFROM read_files('/tmp/x')", 2, "READ_FILES", "silver.<source>"),
    ("a star", "SELECT\n*\nFROM silver.flights", 2, "*", "Write the columns by name."),
    ("a star of a table", "SELECT a, f.*\nFROM silver.flights AS f", 1, "*", "Write the columns by name."),
    ("a count of a star of a table", "SELECT a,\n count(f.*) AS n\nFROM silver.flights AS f", 2, "*", "the columns by name"),
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
    ("itself", "SELECT a\nFROM gold.table", 2, "reads itself", "Read silver tables"),
    ("no key", "SELECT\n  b, aa FROM silver.flights", 2, "key column a", "SELECT aa AS a"),
    ("a name twice", "SELECT a,\n  b AS A FROM silver.flights", 2, "is there twice", "Write another name"),
    ("no name", "SELECT a,\n  b + 1 FROM silver.flights", 2, "b + 1 has no name", "b + 1 AS a_name"),
    ("a count without a name", "SELECT a,\n  count(*) FROM silver.flights GROUP BY a", 2, "COUNT(*) has no name", "COUNT(*) AS a_name"),
    ("a text without a name", "SELECT a,\n  'y' FROM silver.flights", 2, "'y' has no name", "'y' AS a_name"),
    ("a blank in a name", "SELECT a,\n  b AS `mean delay` FROM silver.flights", 2, "`mean delay`", "mean_delay"),
    ("a line break in a name", "SELECT a,\n  b AS `mean\ndelay` FROM silver.flights", 2, "Delta refuses", "Write mean_delay."),
    ("a key in another case", "SELECT b,\n  A FROM silver.flights", 2, "selected as A, in other", "Write a here, or A in the key"),
    ("nothing behind WHERE", "SELECT a FROM silver.flights\nWHERE", 2, "reads: something is missing near WHERE", "complete SELECT"),
    ("a bracket too many", "SELECT a FROM silver.flights\n)", 2, "reads: it cannot go on near )", "complete SELECT"),
    ("no SQL", "later", 1, "the text is not a SELECT", "Write one SELECT."),
    ("another version", "SELECT a\nFROM silver.flights VERSION AS OF 3", 2, "at no other version", "Write silver.flights alone."),
    ("a stream", "SELECT a\nFROM STREAM silver.flights", 2, "at no other version", "Write silver.flights alone."),
    ("a program", "SELECT\nTRANSFORM(a) USING 'cat' AS a FROM silver.flights", 2, "runs a program", "functions of SQL"),
    ("files of a table", "SELECT a,\n flights._metadata.file_path AS b FROM silver.flights", 2, "_metadata", "of the data"),
    ("a parameter", "SELECT a FROM silver.flights\nWHERE b = :city", 2, "the parameter city gets no value", "the value itself"),
    ("a question mark", "SELECT a FROM silver.flights\nWHERE b = ?", 2, "the parameter gets no value", "the value itself"),
    ("a variable", "SELECT a FROM silver.flights\nWHERE b = ${city}", 2, "the variable city gets no value", "the value itself"),
    ("what Spark replaces in a text", "SELECT a,\n '${env:HOME}' AS b\nFROM silver.flights", 2, "Spark would replace ${…}", "concat('$', '{')"),
    ("what Spark replaces in a comment", "SELECT a -- of ${env:USER}\nFROM silver.flights", 1, "Spark would replace ${…}", "concat('$', '{')"),
    ("a template", "SELECT a FROM silver.flights\nWHERE b = {{city}}", 2, "the parameter city gets no value", "the value itself"),
    ("a text of the rows", "SELECT a,\n listagg(b, ',') AS b FROM silver.flights GROUP BY a", 2, "listagg or string_agg may", "WITHIN GROUP"),
    ("the same by another name", "SELECT a,\n string_agg(b, ',') AS b FROM silver.flights GROUP BY a", 2, "listagg or string_agg may", "WITHIN GROUP"),
    ("a date of today", "SELECT a,\n date'today' AS b FROM silver.flights", 2, "'today' is another", "of the data"),
    ("a time of now", "SELECT a,\n timestamp'now' AS b FROM silver.flights", 2, "'now' is another", "of the data"),
    ("a cast of tomorrow", "SELECT a,\n CAST(' Tomorrow ' AS date) AS b FROM silver.flights", 2, "is another time", "of the data"),
    ("a date by its function", "SELECT a,\n to_date('yesterday') AS b FROM silver.flights", 2, "is another time", "of the data"),
    ("a time by its function", "SELECT a,\n to_timestamp('now') AS b FROM silver.flights", 2, "is another time", "of the data"),
    ("seconds of the clock", "SELECT a,\n unix_timestamp() AS b FROM silver.flights", 2, "differently", "of the data"),
    ("Java", "SELECT a,\n reflect('java.util.UUID', 'randomUUID') AS b FROM silver.flights", 2, "reflect may", "function of SQL"),
    ("the top", "SELECT a,\n approx_top_k(b, 3) AS b FROM silver.flights GROUP BY a", 2, "approx_top_k may", "count(*)"),
    ("a sketch", "SELECT a,\n hll_sketch_estimate(hll_sketch_agg(b)) AS b FROM silver.flights GROUP BY a", 2, "hll_sketch_agg may", "DISTINCT"),
    ("a model", "SELECT a,\n ai_query('m', b) AS b FROM silver.flights", 2, "ai_query may", "of the data"),
    ("an offset", "SELECT a FROM silver.flights\nOFFSET 3", 2, "OFFSET without", "ORDER BY"),
    ("the most frequent", "SELECT a,\n mode(b) AS b FROM silver.flights GROUP BY a", 2, "mode may", "mode(value, true)"),
    ("the most frequent, any", "SELECT a,\n mode(b, false) AS b FROM silver.flights GROUP BY a", 2, "mode may", "mode(value, true)"),
    ("the first of a list", "SELECT a,\n element_at(collect_list(b), 1) AS b FROM silver.flights GROUP BY a", 2, "collect_list may", "array_sort("),
    ("a list as text", "SELECT a,\n array_join(collect_set(b), ',') AS b FROM silver.flights GROUP BY a", 2, "collect_set may", "array_sort("),
    ("a list with its places", "SELECT a, array_max(\n transform(collect_list(b), (x, i) -> x * i)) AS b FROM silver.flights GROUP BY a", 2, "collect_list may", "array_sort("),
    ("places of a list", "SELECT a,\n posexplode(collect_list(b)) AS (i, b) FROM silver.flights GROUP BY a", 2, "collect_list may", "array_sort("),
    ("the second of a window", "SELECT a,\n nth_value(b, 2) OVER (PARTITION BY a) AS b FROM silver.flights", 2, "nth_value may", "ORDER BY"),
    ("a window by name without order", "SELECT a,\n row_number() OVER w AS n FROM silver.flights WINDOW w AS (PARTITION BY a)", 2, "row_number() without", "ORDER BY"),
    ("rows around", "SELECT a,\n sum(b) OVER (PARTITION BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS b FROM silver.flights", 2, "ROWS without", "ORDER BY"),
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
    "hints": "SELECT /*+ BROADCAST(t), MERGE(r), REPARTITION(3), COALESCE(1) */ t.a FROM silver.flights t JOIN silver.airports r USING (a)",
    "a hint with a schema": "SELECT /*+ BROADCAST(silver.airports) */ a FROM silver.flights",
    "a comment behind the semicolon": "SELECT a FROM silver.flights; -- end",
    "a star in EXISTS": "SELECT a FROM silver.flights f WHERE EXISTS (SELECT * FROM silver.airports r WHERE r.a = f.a)",
    "a star inside": "SELECT a FROM (SELECT * FROM silver.flights) AS f",
    "any row of EXISTS": "SELECT a FROM silver.flights f WHERE NOT EXISTS (SELECT 1 FROM silver.airports r LIMIT 1)",
    "a window by name": "SELECT a, row_number() OVER w AS n FROM silver.flights WINDOW w AS (PARTITION BY a ORDER BY b)",
    "a window with rows": "SELECT a, sum(b) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM silver.flights",
    "the greatest of a window's list": "SELECT a, array_max(collect_list(b) OVER (PARTITION BY a)) AS n FROM silver.flights",
    "a window over all rows": "SELECT a, max(b) OVER (PARTITION BY a ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS n FROM silver.flights",
    "the greatest of a list": "SELECT a, array_max(collect_list(b)) AS b FROM silver.flights GROUP BY a",
    "the least of a changed list": "SELECT a, array_min(transform(filter(collect_list(b), x -> x > 1), x -> x + 1)) AS b FROM silver.flights GROUP BY a",
    "whether a list has": "SELECT a, array_contains(collect_set(b), 1) AS b, exists(collect_list(b), x -> x > 1) AS c, forall(collect_list(b), x -> x > 1) AS d FROM silver.flights GROUP BY a",
    "how many": "SELECT a, size(collect_set(b)) AS b, cardinality(collect_list(b) FILTER (WHERE b > 1)) AS c FROM silver.flights GROUP BY a",
    "sorted by another name": "SELECT a, array_join(sort_array(collect_set(b)), ',') AS b, array_sort(array_distinct(collect_list(b))) AS c FROM silver.flights GROUP BY a",
    "rows of a list": "SELECT a, explode(collect_set(b)) AS b FROM silver.flights GROUP BY a",
    "the most frequent, the least of several": "SELECT a, mode(b, true) AS b, mode() WITHIN GROUP (ORDER BY b) AS c FROM silver.flights GROUP BY a",
    "a text in order": "SELECT a, listagg(b, ',') WITHIN GROUP (ORDER BY b) AS b FROM silver.flights GROUP BY a",
    "a count without lists": "SELECT a, approx_count_distinct(b) AS b, percentile(b, 0.5) AS c FROM silver.flights GROUP BY a",
    "the one row of an aggregate": "SELECT max(a) AS a, count(*) AS b FROM silver.flights LIMIT 1",
    "all rows by LIMIT": "SELECT a FROM silver.flights LIMIT ALL",
    "a text that is a word": "SELECT a FROM silver.flights WHERE c = 'today' OR upper('now') = c",
    "a fixed date": "SELECT date'2026-01-01' AS a FROM silver.flights",
    "rows of its own": "SELECT id AS a FROM range(10)",
    "a semicolon at the end": "SELECT a FROM silver.flights;\n",
}  # fmt: skip


def checked(sql: str, key: list[str] | None = None, **more: dict[str, Any]) -> dict[str, Any]:
    table = {"file": "gold/table.sql", "sql": sql, "key": key or ["a"]}
    request = {
        "pipeline": "p",
        "sources": {"flights": None, "airports": None},
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


def test_every_fix_is_a_whole_sentence() -> None:
    for _, sql, *_ in MISTAKES:
        for each in checked(sql)["mistakes"]:
            assert re.match(r"(Write|Close|Read|Add|Did you mean) .*[.?]\Z", each["instead"]), each
            assert not each["message"].endswith("."), each


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
    sources = {"flights": FLIGHT, "airports": AIRPORT}
    answer = check_sql({"pipeline": "flights", "sources": sources, "gold": flights_gold()})
    assert answer["mistakes"] == []
    assert answer["warnings"] == []
    assert answer["tables"] == {
        "airport_delays": {"reads": ["silver.airports", "silver.flights"]},
        "route_delays": {"reads": ["silver.flights"]},
    }
