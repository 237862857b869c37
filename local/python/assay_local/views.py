"""Views live in the server's catalog only: they are noted after each task, and made anew after a restart."""

import json
from pathlib import Path
from threading import Lock

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

_VIEWS = "views.json"
_noting = Lock()


def remember(spark: SparkSession, schemas: list[str], own_dir: Path) -> None:
    """Notes the text of every view, in one rename. Tasks that end together note one after the other."""
    with _noting:
        views = [
            {"schema": schema, "name": row["viewName"], "text": _text(spark, schema, row["viewName"])}
            for schema in schemas
            for row in spark.sql(f"SHOW VIEWS IN `{schema}`").collect()
            if not row["isTemporary"]
        ]
        new = own_dir / f"{_VIEWS}.new"
        new.write_text(json.dumps(views))
        new.replace(own_dir / _VIEWS)


def restore(spark: SparkSession, own_dir: Path) -> list[str]:
    """Makes the noted views anew, and says which could not be: what they read may be gone meanwhile.

    A view may read another one: those that fail are tried again while others succeed.
    """
    path = own_dir / _VIEWS
    if not path.exists():
        return []
    left: list[dict[str, str]] = json.loads(path.read_text())
    while left:
        failed = [view for view in left if not _restored(spark, view)]
        if len(failed) == len(left):
            break
        left = failed
    return [f"{view['schema']}.{view['name']}" for view in left]


def _restored(spark: SparkSession, view: dict[str, str]) -> bool:
    try:
        spark.sql(f"CREATE OR REPLACE VIEW `{view['schema']}`.`{view['name']}` AS {view['text']}")
    except PySparkException:
        return False
    return True


def _text(spark: SparkSession, schema: str, name: str) -> str:
    described = spark.sql(f"DESCRIBE TABLE EXTENDED `{schema}`.`{name}`").collect()
    return next(str(row["data_type"]) for row in described if row["col_name"] == "View Text")
