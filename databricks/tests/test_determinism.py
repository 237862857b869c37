"""What may answer differently each time: judged on what stands around it, not on names alone."""

from __future__ import annotations

import pytest

from assay_jobs.author_sql import parse
from assay_jobs.determinism import unrepeatable

FROM = "FROM silver.s GROUP BY a"


def found(sql: str) -> list[str]:
    return [message for _, message, _ in unrepeatable(parse(sql)[0], sql)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT first(b) IGNORE NULLS OVER (PARTITION BY a ORDER BY c) AS b FROM silver.s",
        "SELECT first(b) FILTER (WHERE b > 1) OVER (PARTITION BY a ORDER BY c) AS b FROM silver.s",
        "SELECT a FROM silver.s LIMIT 0",
        "SELECT mine('now') AS a FROM silver.s",
        f"SELECT a, array_sort(array_append(collect_list(b), 1)) AS b {FROM}",
        f"SELECT a, array_sort(array_prepend(collect_list(b), 1)) AS b {FROM}",
        f"SELECT a, array_sort(concat(collect_list(b), array(1))) AS b {FROM}",
        f"SELECT a, array_sort(reverse(collect_list(b))) AS b {FROM}",
        f"SELECT a, array_sort(array_union(collect_list(b), array(1))) AS b {FROM}",
        f"SELECT a, array_contains(collect_list(b), 1) AS b {FROM}",
        f"SELECT a, collect_list(b) IS NULL AS b {FROM}",
    ],
)
def test_where_the_order_does_not_tell_nothing_is_told(sql: str) -> None:
    assert found(sql) == []


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (f"SELECT a, first(b) {FROM} ORDER BY a", "first may answer differently each time"),
        (f"SELECT a, collect_list(b) AS size {FROM}", "collect_list may answer differently"),
        (f"SELECT a, array_contains(x, collect_list(b)) AS b {FROM}", "collect_list may"),
        (f"SELECT a, array_sort(mine(collect_list(b))) AS b {FROM}", "collect_list may"),
        (f"SELECT max(b) AS b {FROM} LIMIT 1", "LIMIT without ORDER BY takes any rows"),
        ("SELECT TO_TIMESTAMP_NTZ('now') AS a FROM silver.s", "'now' is another time"),
        ("SELECT a FROM silver.s UNION ALL SELECT b FROM silver.t LIMIT 5", "LIMIT without"),
    ],
)
def test_where_the_order_tells_it_is_told(sql: str, message: str) -> None:
    [told] = found(sql)
    assert told.startswith(message)
