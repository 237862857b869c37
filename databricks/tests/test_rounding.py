"""Which sums and means packaging warns of: those whose last bits may differ at the next run."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.check.sql import check_sql

CONTRACT = {
    "properties": {
        "a": {"type": "string"},
        "n": {"type": "integer"},
        "x": {"type": ["number", "null"]},
        "the y": {"type": "number", "x-column": "Y"},
    }
}
FROM = "FROM silver.s GROUP BY a"
# What is written, and what is shown of it.
WARNED = {
    "a sum of doubles": (f"SELECT a,\n sum(x) AS v {FROM}", "SUM(x)"),
    "a column of another name": (f"SELECT a,\n sum(y) AS v {FROM}", "SUM(y)"),
    "a mean of doubles": (f"SELECT a,\n avg(s.x) AS v {FROM}", "AVG(s.x)"),
    "a mean by another name": (f"SELECT a,\n mean(x) AS v {FROM}", "MEAN(x)"),
    "a sum that may fail": (f"SELECT a,\n try_sum(x) AS v {FROM}", "TRY_SUM(x)"),
    "a sum of some": (f"SELECT a,\n sum(x) FILTER (WHERE n > 1) AS v {FROM}", "SUM(x)"),
    "a sum of each once": (f"SELECT a,\n sum(DISTINCT x) AS v {FROM}", "SUM(DISTINCT x)"),
    "a sum in a window": ("SELECT a,\n sum(x) OVER (PARTITION BY n) AS v FROM silver.s", "SUM(x)"),
    "a sum of quotients": (f"SELECT a,\n sum(n / 3) AS v {FROM}", "SUM(n / 3)"),
    "a sum of products": (f"SELECT a,\n sum(n * x) AS v {FROM}", "SUM(n * x)"),
    "a sum of a CASE": (f"SELECT a,\n sum(CASE WHEN n > 1 THEN x ELSE 0 END) AS v {FROM}", "SUM(CASE"),
    "a sum of an IF": (f"SELECT a,\n sum(if(n > 1, x, 0)) AS v {FROM}", "SUM("),
    "a sum of what may be null": (f"SELECT a,\n sum(coalesce(x, 0)) AS v {FROM}", "SUM(COALESCE(x, 0))"),
    "a sum of rounded doubles": (f"SELECT a,\n sum(round(x, 2)) AS v {FROM}", "SUM(ROUND(x, 2))"),
    "a sum of roots": (f"SELECT a,\n sum(sqrt(n)) AS v {FROM}", "SUM(SQRT(n))"),
    "a sum of literals": (f"SELECT a,\n sum(n * 1e0) AS v {FROM}", "SUM(n * 1e0)"),
    "a cast to double": (f"SELECT a,\n sum(CAST(n AS double)) AS v {FROM}", "SUM(CAST(n AS DOUBLE))"),
    "a sum of quotients of two": (f"SELECT a,\n sum(coalesce(n, 0) / 3) AS v {FROM}", "SUM(COALESCE(n, 0) / 3)"),
    "a sum in a text of one of two": (
        f"SELECT 'b' AS a, 'c' AS v UNION ALL SELECT a,\n concat('about ', sum(x)) AS v {FROM}", "SUM(x)",
    ),
    "a sum in one of two texts": (f"SELECT a,\n CASE WHEN a > 'x' THEN concat('about ', sum(x)) ELSE 'b' END AS v {FROM}", "SUM(x)"),
    "a part of a sum": (f"SELECT a,\n sum(x) / count(*) AS v {FROM}", "SUM(x)"),
    "a sum cut off": (f"SELECT a,\n floor(sum(x)) AS v {FROM}", "SUM(x)"),
    "a sum as a whole number": (f"SELECT a,\n CAST(sum(x) AS bigint) AS v {FROM}", "SUM(x)"),
    "a sum in a text": (f"SELECT a,\n concat('about ', sum(x)) AS v {FROM}", "SUM(x)"),
    "a deviation of whole numbers": (f"SELECT a,\n stddev(n) AS v {FROM}", "STDDEV(n)"),
    "a variance": (f"SELECT a,\n var_pop(n) AS v {FROM}", "VAR"),
    "a correlation": (f"SELECT a,\n corr(n, x) AS v {FROM}", "CORR(n, x)"),
    "a regression": (f"SELECT a,\n regr_slope(n, x) AS v {FROM}", "REGR_SLOPE(n, x)"),
    "a sum of a query inside": (
        f"SELECT a, v FROM (SELECT a,\n sum(x) AS v {FROM}) AS t", "SUM(x)",
    ),
    "a sum of a CTE": (f"WITH t AS (SELECT a,\n sum(x) AS v {FROM})\nSELECT t.a, t.v + 1 AS v FROM t", "SUM(x)"),
    "the greatest of sums": (
        f"SELECT max(a) AS a, max(v) AS v FROM (SELECT a,\n sum(x) AS v {FROM}) AS t", "SUM(x)",
    ),
    "a sum of one of two": (
        f"SELECT a, n AS v FROM silver.s UNION ALL SELECT a,\n sum(x) AS v {FROM}", "SUM(x)",
    ),
    "a sum of both of two": (
        "SELECT 'x' AS a,\n sum(v) AS v FROM (SELECT n AS v FROM silver.s UNION ALL SELECT x FROM silver.s) AS t",
        "SUM(v)",
    ),
    "a sum as a value": ("SELECT a,\n (SELECT sum(x) FROM silver.s) AS v FROM silver.s", "SUM(x)"),
    "a sum of another table": ("SELECT a,\n sum(mean) AS v FROM gold.means GROUP BY a", "SUM(mean)"),
    "a sum that is named outside": (
        f"WITH t (k, v) AS (SELECT a,\n sum(x) AS s {FROM}) SELECT k AS a, v FROM t", "SUM(x)",
    ),
    "a sum that is named beside": (
        f"SELECT k AS a, w AS v FROM (SELECT a,\n sum(x) AS v {FROM}) AS t (k, w)", "SUM(x)",
    ),
    "a sum of a column of the query around": (
        "SELECT a,\n (SELECT sum(s.x * t.n) FROM silver.s AS t) AS v FROM silver.s", "SUM(s.x * t.n)",
    ),
    "a sum of an earlier column": (
        "SELECT a, x * 2 AS d,\n sum(d) OVER (PARTITION BY a) AS v FROM silver.s", "SUM(d)",
    ),
}  # fmt: skip
FINE = {
    "no sum": "SELECT a, x, y * 2 AS v FROM silver.s",
    "a sum of whole numbers": f"SELECT a, sum(n) AS v {FROM}",
    "a mean of whole numbers": f"SELECT a, avg(n) AS v {FROM}",
    "a mean of ones": f"SELECT a, avg(CASE WHEN x > 1 THEN 1 ELSE 0 END) AS v {FROM}",
    "a sum of decimals": f"SELECT a, sum(CAST(x AS decimal(18, 6))) AS v {FROM}",
    "a mean of decimals": f"SELECT a, avg(CAST(x AS decimal(18, 6))) AS v {FROM}",
    "a sum of parts of decimals": f"SELECT a, sum(n * 1.5) AS v, sum(n / 2.0) AS w {FROM}",
    "a sum of parts of what may be decimal": f"SELECT a, sum(coalesce(CAST(n AS decimal(9, 2)), n) / 3) AS v {FROM}",
    "a count of doubles": f"SELECT a, count(x) AS v, count(DISTINCT x) AS w {FROM}",
    "the greatest double": f"SELECT a, max(x) AS v, min(y) AS w, max_by(x, n) AS z {FROM}",
    "a percentile": f"SELECT a, percentile(x, 0.9) AS v, median(x) AS w {FROM}",
    "a rounded sum": f"SELECT a, round(sum(x), 6) AS v, bround(avg(x), 2) AS w {FROM}",
    "a rounded share": f"SELECT a, round(sum(x) / count(*), 6) AS v {FROM}",
    "a rounded window": "SELECT a, round(sum(x) OVER (PARTITION BY n), 2) AS v FROM silver.s",
    "a rounded deviation": f"SELECT a, round(stddev(x), 3) AS v, round(corr(n, x), 3) AS w {FROM}",
    "a sum as a decimal": f"SELECT a, CAST(avg(x) AS decimal(18, 6)) AS v {FROM}",
    "a sum as a text": f"SELECT a, format_number(sum(x), 2) AS v {FROM}",
    "a sum rounded outside": f"SELECT a, round(v, 6) AS v FROM (SELECT a, sum(x) AS v {FROM}) AS t",
    "a sum that is not taken": f"SELECT a FROM (SELECT a, sum(x) AS v {FROM}) AS t",
    "a sum in a condition": f"SELECT a, count(*) AS v {FROM} HAVING sum(x) > 5 ORDER BY sum(x)",
    "a sum that is compared": f"SELECT a, CASE WHEN sum(x) > 5 THEN 'much' ELSE 'little' END AS v {FROM}",
    "a count of pairs": f"SELECT a, regr_count(n, x) AS v {FROM}",
    "a sum of whole quotients": f"SELECT a, sum(n DIV 3) AS v {FROM}",
    "a sum of an unknown column": "SELECT a, sum(_sequence) AS v FROM silver.s GROUP BY a",
    "a CTE that nobody reads": f"WITH t AS (SELECT a, sum(x) AS n {FROM}) SELECT a, n FROM silver.s",
    "rows of a list": "SELECT a, sum(e) AS v FROM silver.s LATERAL VIEW explode(array(n)) t AS e GROUP BY a",
    "a mean of another table": "SELECT a, mean AS v FROM gold.means",
}  # fmt: skip


def warnings_of(sql: str) -> list[dict[str, Any]]:
    means = f"SELECT a, round(avg(x), 6) AS mean {FROM}"
    answer = check_sql(
        {
            "pipeline": "p",
            "sources": {"s": CONTRACT},
            "gold": {
                "table": {"file": "gold/table.sql", "sql": sql, "key": ["a"]},
                "means": {"file": "gold/means.sql", "sql": means, "key": ["a"]},
            },
        }
    )
    assert answer["mistakes"] == []
    found: list[dict[str, Any]] = answer["warnings"]
    return found


@pytest.mark.parametrize(("sql", "shown"), WARNED.values(), ids=WARNED.keys())
def test_a_sum_of_doubles_that_is_not_rounded_is_warned_of_with_what_to_write(
    sql: str, shown: str
) -> None:
    [found] = warnings_of(sql)
    assert (found["file"], found["line"]) == ("gold/table.sql", 2)
    assert found["message"].startswith(shown)
    assert found["instead"].startswith(f"Write round({shown}")
    assert "DECIMAL" in found["instead"]


@pytest.mark.parametrize("sql", FINE.values(), ids=FINE.keys())
def test_what_comes_out_the_same_is_not_warned_of(sql: str) -> None:
    assert warnings_of(sql) == []


def test_each_sum_is_warned_of_once_though_two_columns_take_it() -> None:
    sql = f"SELECT a, v AS v, v + 1 AS w FROM (SELECT a, sum(x) AS v {FROM}) AS t"
    assert len(warnings_of(sql)) == 1


def test_what_is_refused_is_told_as_a_mistake_alone() -> None:
    table = {"file": "gold/t.sql", "sql": f"SELECT a, sum(x) AS v {FROM}", "key": ["a"]}
    broken = {"properties": {"x": {"type": "nothing"}}}
    request = {"pipeline": "p", "sources": {"s": broken}, "gold": {"table": table}}
    assert check_sql(request)["warnings"] == []
    refused = {**table, "sql": f"SELECT b, sum(x) AS v {FROM}"}
    request = {"pipeline": "p", "sources": {"s": CONTRACT}, "gold": {"table": refused}}
    answer = check_sql(request)
    assert (len(answer["mistakes"]), answer["warnings"]) == (1, [])


def test_warnings_are_told_whole_and_in_the_order_of_their_lines() -> None:
    sql = f"SELECT a,\n sum(x) AS v,\n sum(CAST(x AS STRING) + 0e0) AS w,\n avg(x) AS z {FROM}"
    found = warnings_of(sql)
    assert [each["line"] for each in found] == [2, 3, 4]
    assert found[0]["message"] == (
        "SUM(x) adds doubles: its last bits depend on the order of the rows, and may count as a "
        "change"
    )
    assert found[0]["instead"] == "Write round(SUM(x), 6), or add DECIMAL values."
    # In Spark's words, whatever another dialect calls it.
    assert found[1]["message"].startswith("SUM(CAST(x AS STRING) + 0e0) adds")


@pytest.mark.parametrize(("letters", "is_cut"), [(53, False), (54, True)])
def test_a_long_sum_is_shown_by_its_first_sixty_letters(letters: int, is_cut: bool) -> None:
    name = "y" * letters
    inner = f"SELECT a, x AS {name} FROM silver.s"
    [found] = warnings_of(f"SELECT a, sum(t.{name}) AS v FROM ({inner}) AS t GROUP BY a")
    whole = f"SUM(t.{name})"
    assert found["message"].startswith(f"{whole[:60]}… adds" if is_cut else f"{whole} adds")
