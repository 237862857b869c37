"""The catalog lives in the server's memory: after a restart the tables are made known again."""

import shutil
from pathlib import Path

from pyspark.sql import SparkSession

_SCHEMA_SUFFIX = ".db"
_WHOLE = "_SUCCESS"  # what Spark leaves beside the files of every format but Delta


def delta_tables(warehouse: Path) -> list[tuple[str, str, Path]]:
    """(schema, table, folder) of every `<warehouse>/<schema>.db/<table>` with a Delta log."""
    return [
        (log.parent.parent.name.removesuffix(_SCHEMA_SUFFIX), log.parent.name, log.parent)
        for log in sorted(warehouse.glob(f"*{_SCHEMA_SUFFIX}/*/_delta_log"))
        if any(log.glob("*.json"))
    ]


def schemas(warehouse: Path) -> list[str]:
    return [path.name.removesuffix(_SCHEMA_SUFFIX) for path in sorted(warehouse.glob(f"*{_SCHEMA_SUFFIX}"))]


def remove_unborn(warehouse: Path) -> None:
    """Clears what a creation left that was killed before its first commit: no commit, no table.

    Spark refuses to create a table in a folder that is not empty. The caller holds the lake's lock, so nobody is
    about to commit there. A table of another format, which has no Delta log either, says that it is whole.
    """
    for folder in warehouse.glob(f"*{_SCHEMA_SUFFIX}/*"):
        is_whole = any(folder.glob("_delta_log/*.json")) or (folder / _WHOLE).exists()
        if folder.is_dir() and not is_whole:
            shutil.rmtree(folder)


def register(spark: SparkSession, warehouse: Path) -> int:
    """Without a column list the table comes back with its schema and all its history."""
    remove_unborn(warehouse)
    for schema in schemas(warehouse):
        spark.sql(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
    tables = delta_tables(warehouse)
    for schema_name, table, folder in tables:
        spark.sql(
            f"CREATE TABLE IF NOT EXISTS {_quoted(schema_name)}.{_quoted(table)} "
            f"USING delta LOCATION {location(folder)}"
        )
    return len(tables)


def location(folder: Path) -> str:
    """A folder as a literal of SQL. Not as a URI: Hadoop takes an escape of one for a part of the name."""
    return "'file://" + str(folder).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
