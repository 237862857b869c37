"""The catalog lives in the server's memory: after a restart the tables are made known again."""

from pathlib import Path

from pyspark.sql import SparkSession

_SCHEMA_SUFFIX = ".db"


def delta_tables(warehouse: Path) -> list[tuple[str, str, Path]]:
    """(schema, table, folder) of every `<warehouse>/<schema>.db/<table>` with a Delta log."""
    return [
        (log.parent.parent.name.removesuffix(_SCHEMA_SUFFIX), log.parent.name, log.parent)
        for log in sorted(warehouse.glob(f"*{_SCHEMA_SUFFIX}/*/_delta_log"))
        if any(log.glob("*.json"))
    ]


def schemas(warehouse: Path) -> list[str]:
    return [path.name.removesuffix(_SCHEMA_SUFFIX) for path in sorted(warehouse.glob(f"*{_SCHEMA_SUFFIX}"))]


def register(spark: SparkSession, warehouse: Path) -> int:
    """Without a column list the table comes back with its schema and all its history."""
    for schema in schemas(warehouse):
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
    tables = delta_tables(warehouse)
    for schema_name, table, folder in tables:
        spark.sql(
            f"CREATE TABLE IF NOT EXISTS {_quoted(schema_name)}.{_quoted(table)} "
            f"USING delta LOCATION '{folder.as_uri()}'"
        )
    return len(tables)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
