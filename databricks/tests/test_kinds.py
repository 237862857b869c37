"""Which kind of number an expression gives, as packaging tells whether its last bits may differ."""

from __future__ import annotations

import pytest

from assay_jobs.author_sql import parse
from assay_jobs.determinism import Kind, kinds_of

COLUMNS: dict[str, Kind] = {"n": "integer", "x": "double", "a": "other"}
DECIMAL = "CAST(n AS decimal(9, 2))"


def kind_of(expression: str) -> str:
    tree = parse(f"SELECT {expression} AS v FROM silver.s")[0]
    return kinds_of(tree, {"silver.s": COLUMNS})["v"]


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("n", "integer"),
        ("x", "double"),
        ("a", "other"),
        ("s.x", "double"),
        ("gone", "other"),
        ("'1.5'", "other"),
        ("1", "integer"),
        ("1.5", "decimal"),
        ("1e0", "double"),
        ("1.5E3", "double"),
        ("CAST(n AS double)", "double"),
        ("CAST(n AS float)", "double"),
        (DECIMAL, "decimal"),
        ("CAST(x AS int)", "integer"),
        ("CAST(x AS bigint)", "integer"),
        ("CAST(x AS string)", "other"),
        ("CAST(a AS date)", "other"),
        ("n / 3", "double"),
        ("x / 3", "double"),
        ("3 / x", "double"),
        ("n / 1.5", "decimal"),
        ("n / a", "other"),
        (f"{DECIMAL} / 3", "decimal"),
        (f"{DECIMAL} / x", "double"),
        ("coalesce(n, 1)", "integer"),
        ("coalesce(n, 1.5)", "decimal"),
        ("coalesce(n, 1.5, x)", "double"),
        ("coalesce(a, 'b')", "other"),
        ("if(n > 1, n, 1.5)", "decimal"),
        ("CASE WHEN n > 1 THEN 1 ELSE x END", "double"),
        ("CASE WHEN x > 1 THEN 1 END", "integer"),
        ("x > 1", "other"),
        ("round(x, 2)", "double"),
        ("bround(x, 2)", "other"),
        ("n DIV 2", "integer"),
        ("sqrt(n)", "double"),
        ("concat(a, x)", "other"),
        ("sum(n)", "integer"),
        ("sum(x)", "double"),
        (f"sum({DECIMAL})", "decimal"),
        ("avg(n)", "double"),
        (f"avg({DECIMAL})", "decimal"),
        ("count(x)", "integer"),
        ("max_by(n, x)", "integer"),
        ("nullif(n, x)", "integer"),
        ("stddev(n)", "double"),
        ("regr_slope(n, n)", "double"),
        ("(SELECT max(x) FROM silver.s)", "double"),
        ("(SELECT max(n) FROM silver.s)", "integer"),
        ("(n)", "integer"),
    ],
)
def test_an_expression_has_the_kind_that_spark_gives_it(expression: str, kind: str) -> None:
    assert kind_of(expression) == kind


def test_a_union_has_the_kinds_of_both_sides() -> None:
    tree = parse("SELECT n AS v, a AS w FROM silver.s UNION ALL SELECT x, a FROM silver.s")[0]
    assert kinds_of(tree, {"silver.s": COLUMNS}) == {"v": "double", "w": "other"}
