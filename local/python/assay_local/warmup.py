"""A throw-away table, so that the first batch meets classes and plans that are loaded already."""

import shutil
from collections.abc import Callable
from pathlib import Path

from pyspark.sql import SparkSession

from assay_local.tables import location

_SCHEMA = "assay_warm_up"
_STEPS = (
    f"CREATE TABLE {_SCHEMA}.rows USING delta AS SELECT id AS key, CAST(id % 7 AS DOUBLE) AS value FROM range(1000)",
    f"MERGE INTO {_SCHEMA}.rows t USING (SELECT id + 500 AS key, CAST(1 AS DOUBLE) AS value FROM range(1000)) s "
    "ON t.key = s.key WHEN MATCHED AND NOT (t.value <=> s.value) THEN UPDATE SET * "
    "WHEN NOT MATCHED THEN INSERT * WHEN NOT MATCHED BY SOURCE THEN DELETE",
    f"SELECT value, count(*), percentile(key, 0.9) FROM {_SCHEMA}.rows GROUP BY value",
)


def warm_up(spark: SparkSession, folder: Path, is_idle: Callable[[], bool]) -> None:
    """Gives way between its steps: a task that has come warms the same things itself."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA} LOCATION {location(folder)}")
        for step in _STEPS:
            if not is_idle():
                break
            spark.sql(step).collect()
    finally:
        spark.sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        shutil.rmtree(folder, ignore_errors=True)
