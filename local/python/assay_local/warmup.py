"""A throw-away table, so that the first batch meets classes and plans that are loaded already."""

import shutil
from pathlib import Path

from pyspark.sql import SparkSession

_SCHEMA = "assay_warm_up"


def warm_up(spark: SparkSession, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA} LOCATION '{folder.as_uri()}'")
        spark.sql(
            f"CREATE TABLE {_SCHEMA}.rows USING delta AS "
            "SELECT id AS key, CAST(id % 7 AS DOUBLE) AS value FROM range(1000)"
        )
        spark.sql(
            f"MERGE INTO {_SCHEMA}.rows t USING "
            "(SELECT id + 500 AS key, CAST(1 AS DOUBLE) AS value FROM range(1000)) s "
            "ON t.key = s.key WHEN MATCHED AND NOT (t.value <=> s.value) THEN UPDATE SET * "
            "WHEN NOT MATCHED THEN INSERT * WHEN NOT MATCHED BY SOURCE THEN DELETE"
        )
        spark.sql(f"SELECT value, count(*), percentile(key, 0.9) FROM {_SCHEMA}.rows GROUP BY value").collect()
    finally:
        spark.sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        shutil.rmtree(folder, ignore_errors=True)
