"""The session, its statements and commits counted, and the names of the tables in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from pyspark.errors import PySparkException

from . import quoting as q

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row, SparkSession

Result = TypeVar("Result")

# Three of the six settings that serverless compute lets a session change.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}

# One file is written for so many rows: small batches leave no crumbs, large ones use all cores.
ROWS_PER_FILE = 500_000

# Tables stay at Delta's reader version 1, so that readers other than Spark can check the books.
PROPERTIES = "TBLPROPERTIES ('delta.enableDeletionVectors' = 'false')"


class Warehouse:
    def __init__(self, spark: SparkSession, catalog: str, pipeline: str) -> None:
        self.spark = spark
        self.catalog = catalog
        self.pipeline = pipeline
        self.statements = 0
        self.commits = 0
        self._counting = Lock()
        for setting, value in SETTINGS.items():
            spark.conf.set(setting, value)
        self._tables: dict[str, set[str]] = {}

    def schema(self, layer: str) -> str:
        return q.name(self.catalog, f"{self.pipeline}_{layer}")

    def table(self, layer: str, table: str) -> str:
        return f"{self.schema(layer)}.{q.name(table)}"

    def has(self, layer: str, table: str) -> bool:
        """From one look at the catalog; a missing schema is created on the way."""
        if layer not in self._tables:
            try:
                found = self.rows(f"SHOW TABLES IN {self.schema(layer)}")
            except PySparkException as error:
                if error.getCondition() != "SCHEMA_NOT_FOUND":
                    raise
                self.rows(f"CREATE SCHEMA IF NOT EXISTS {self.schema(layer)}")
                found = []
            self._tables[layer] = {row["tableName"] for row in found}
        return table in self._tables[layer]

    def sql(self, statement: str) -> DataFrame:
        """A query that is not run yet: it counts when something runs it."""
        return self.spark.sql(statement)

    def rows(self, statement: str) -> list[Row]:
        """For names and counts, never for data."""
        self._count()
        return self.spark.sql(statement).collect()

    def commit(self, statement: str) -> None:
        """A statement that writes one version of one Delta table."""
        self._count(commits=1)
        self.spark.sql(statement)

    def counted(self, write: Callable[[], None], *, commits: int) -> None:
        self._count(commits=commits)
        write()

    def together(self, work: Sequence[Callable[[], Result]]) -> list[Result]:
        """Different tables, same session: most of a small statement is planning on one core."""
        if len(work) < 2:
            return [each() for each in work]
        with ThreadPoolExecutor(max_workers=4) as pool:
            running = [pool.submit(each) for each in work]
        return [each.result() for each in running]

    def _count(self, commits: int = 0) -> None:
        with self._counting:
            self.statements += 1
            self.commits += commits
