from __future__ import annotations

from assay_jobs.author_sql import Reference, line_of_column, parse, references, rewrite


def place(reference: Reference) -> str:
    return f"`c`.`p_{reference.schema}`.`{reference.table}`"


def test_only_the_names_of_tables_change_and_no_line_moves() -> None:
    sql = """-- silver.flights in a comment
SELECT 'silver.flights' AS text, silver.flights.delay, a.name
FROM silver
  .flights
JOIN `silver`.`airports` a ON a.iata = flights.origin -- and here: gold.x
"""
    assert (
        rewrite(sql, place)
        == """-- silver.flights in a comment
SELECT 'silver.flights' AS text, flights.delay, a.name
FROM `c`.`p_silver`.`flights` AS `flights`

JOIN `c`.`p_silver`.`airports` a ON a.iata = flights.origin -- and here: gold.x
"""
    )


def test_names_of_the_statement_itself_are_no_tables() -> None:
    sql = "WITH gold AS (SELECT 1 AS a) SELECT a FROM gold JOIN gold.x USING (a)"
    assert [each.name for each in references(parse(sql)[0])] == ["gold.x"]


def test_a_name_at_the_end_of_a_line_keeps_what_follows_in_its_line() -> None:
    assert rewrite("SELECT 1 FROM silver.\nx", place) == "SELECT 1 FROM `c`.`p_silver`.`x` AS `x`\n"


def test_a_column_that_is_not_given_has_no_line() -> None:
    assert line_of_column("SELECT\n a,\n 1 AS b,\n 2 AS b", "b") == 4
    assert line_of_column("SELECT a", "b") is None
    assert line_of_column("DROP TABLE a", "b") is None
