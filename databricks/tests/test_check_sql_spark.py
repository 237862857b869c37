"""What the check of gold SQL lets through, real Spark reads, in the form that the job gives it."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from assay_jobs.author_sql import rewrite
from test_check_sql import FINE


@pytest.fixture(scope="module")
def views(spark: SparkSession) -> None:
    for table in ("flights", "airports"):
        rows = "SELECT CAST(id % 3 AS int) AS a, CAST(id AS int) AS b, 'x' AS c FROM range(9)"
        spark.sql(rows).createOrReplaceTempView(f"silver_{table}")


@pytest.mark.parametrize("sql", FINE.values(), ids=FINE.keys())
def test_a_select_that_is_let_through_is_run(spark: SparkSession, views: None, sql: str) -> None:
    rewritten = rewrite(sql, lambda reference: f"silver_{reference.table}")
    first = spark.sql(rewritten).collect()
    assert sorted(map(repr, spark.sql(rewritten).collect())) == sorted(map(repr, first))
