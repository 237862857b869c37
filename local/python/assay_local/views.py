"""Views live in the server's catalog only: they are noted after each task, and made anew after a restart."""

import json
from pathlib import Path

from pyspark.sql import SparkSession

_VIEWS = "views.json"


def remember(spark: SparkSession, schemas: list[str], own_dir: Path) -> None:
    """Notes the text of every view, in one rename."""
    views = [
        {"schema": schema, "name": row["viewName"], "text": _text(spark, schema, row["viewName"])}
        for schema in schemas
        for row in spark.sql(f"SHOW VIEWS IN `{schema}`").collect()
        if not row["isTemporary"]
    ]
    new = own_dir / f"{_VIEWS}.new"
    new.write_text(json.dumps(views))
    new.replace(own_dir / _VIEWS)


def restore(spark: SparkSession, own_dir: Path) -> None:
    path = own_dir / _VIEWS
    if not path.exists():
        return
    for view in json.loads(path.read_text()):
        spark.sql(f"CREATE OR REPLACE VIEW `{view['schema']}`.`{view['name']}` AS {view['text']}")


def _text(spark: SparkSession, schema: str, name: str) -> str:
    described = spark.sql(f"DESCRIBE TABLE EXTENDED `{schema}`.`{name}`").collect()
    return next(str(row["data_type"]) for row in described if row["col_name"] == "View Text")
