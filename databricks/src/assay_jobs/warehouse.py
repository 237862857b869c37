"""The only door to Spark SQL: the session, the names of its tables, its statements and commits
counted. Every commit may be repeated, so one that meets another process's is simply run again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from pyspark.errors import PySparkException

from . import quoting as q

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row, SparkSession
    from pyspark.sql.readwriter import DataFrameReader, DataFrameWriter

Result = TypeVar("Result")

# Three of the six settings that serverless compute lets a session change.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}

# One file is written for so many rows: no small files, and large batches use all cores.
ROWS_PER_FILE = 500_000

# Of each table that the job creates. With deletion vectors, Databricks' own maintenance and a MERGE
# of the job stand in each other's way less; without them a table stays at Delta's reader version 1,
# which any reader reads.
DELETION_VECTORS = "delta.enableDeletionVectors"

# How often a commit is tried that another process's commit refuses. Two attempts of a batch make
# some ten commits each, and the loser's repetition finds its work done.
TRIES = 10
# Delta's class for "another commit came first", and a table that another process has just created.
CONFLICT_STATES = ("2D521", "42P07")
# The same by name, with what may follow after a point: a state is not everywhere given.
CONFLICTS = re.compile(r"DELTA_(CONCURRENT_\w+|METADATA_CHANGED|PROTOCOL_CHANGED)(\.|\Z)")
# A table that another process creates just now: its folder is there, and its first commit is not.
# The state of this class is that of a mistake in a statement.
BEING_CREATED = "DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION"


class Warehouse:
    def __init__(
        self, spark: SparkSession, catalog: str, pipeline: str, has_deletion_vectors: bool = False
    ) -> None:
        self.spark = spark
        self.catalog = catalog
        self.pipeline = pipeline
        self.properties = {DELETION_VECTORS: str(has_deletion_vectors).lower()}
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
        return table in self.names(layer)

    def names(self, layer: str) -> set[str]:
        """Of the tables, from one look at the catalog. A schema is made only where the catalog has
        none: the deployment makes them (infra/generated/schemas.sql), and a job that may not make
        any runs on them."""
        if layer not in self._tables:
            try:
                found = self.rows(f"SHOW TABLES IN {self.schema(layer)}")
            except PySparkException:
                # Which error tells a missing schema differs by the catalog: it is asked instead.
                if self._has_schema(layer):
                    raise
                self.rows(f"CREATE SCHEMA IF NOT EXISTS {self.schema(layer)}")
                found = []
            self._tables[layer] = {row["tableName"] for row in found}
        return self._tables[layer]

    def _has_schema(self, layer: str) -> bool:
        like = q.text(f"{self.pipeline}_{layer}")
        return bool(self.rows(f"SHOW SCHEMAS IN {q.name(self.catalog)} LIKE {like}"))

    def sql(self, statement: str) -> DataFrame:
        """A query that is not run yet: it counts when something runs it."""
        return self.spark.sql(statement)

    def row(self, schema: str, values: tuple[str | int, ...]) -> DataFrame:
        return self.spark.createDataFrame([values], schema)

    def rows_of(self, path: str) -> DataFrame:
        return self.spark.table(path)

    def rows(self, statement: str) -> list[Row]:
        """For names and counts, never for data."""
        self._count()
        return self.spark.sql(statement).collect()

    def collected(self, rows: DataFrame, *columns: str) -> list[Row]:
        """As `rows`."""
        self._count()
        return rows.select(*columns).collect()

    def read_through(self, rows: DataFrame) -> None:
        """For whether it can be read, where the answer itself is of no use."""
        self._count()
        rows.collect()

    def commit(self, statement: str) -> None:
        """A statement that writes one version of one Delta table."""
        self._committed(lambda: self.spark.sql(statement))

    def append(self, rows: DataFrame, table: str, application: str, version: int) -> None:
        """Creates the table where it is missing. Delta drops a second append of the same
        application and version, or an older one, without a word."""
        writer = self._once(rows, application, version).mode("append")
        self._committed(lambda: writer.saveAsTable(table))

    def overwrite(self, rows: DataFrame, table: str, application: str, version: int) -> None:
        """All rows and columns in one commit, the table's history goes on. Creates the table where
        it is missing; dropped as in `append`."""
        writer = (
            self._once(rows, application, version).mode("overwrite").option("overwriteSchema", True)
        )
        self._committed(lambda: writer.saveAsTable(table))

    @property
    def tblproperties(self) -> str:
        """Of a table that a statement creates."""
        listed = (f"{q.text(name)} = {q.text(value)}" for name, value in self.properties.items())
        return f"TBLPROPERTIES ({q.listed(listed)})"

    @property
    def reader(self) -> DataFrameReader:
        return self.spark.read

    def read_lines(self, schema: str, paths: list[str]) -> DataFrame:
        return self.reader.schema(schema).option("mode", "FAILFAST").json(paths)

    def write_lines(self, rows: DataFrame, folder: str, rows_per_part: int) -> None:
        """Files of JSON lines: no commit."""
        writer = rows.write.mode("overwrite").option("maxRecordsPerFile", rows_per_part)
        self._count()
        writer.json(folder)

    def together(self, work: Sequence[Callable[[], Result]]) -> list[Result]:
        """Different tables, same session: most of a small statement is planning on one core."""
        if len(work) < 2:
            return [each() for each in work]
        with ThreadPoolExecutor(max_workers=4) as pool:
            running = [pool.submit(each) for each in work]
        return [each.result() for each in running]

    def _once(self, rows: DataFrame, application: str, version: int) -> DataFrameWriter:
        return (
            rows.write.format("delta")
            .option("txnAppId", application)
            .option("txnVersion", version)
            .option("userMetadata", commit_metadata(version))
            # Of a table that this write creates.
            .options(**self.properties)
        )

    def _committed(self, write: Callable[[], object]) -> None:
        for tries_left in reversed(range(TRIES)):
            self._count(commits=1)
            try:
                write()
                return
            except PySparkException as error:
                if tries_left == 0 or not _is_conflict(error):
                    raise

    def _count(self, commits: int = 0) -> None:
        with self._counting:
            self.statements += 1
            self.commits += commits


def _is_conflict(error: PySparkException) -> bool:
    condition = error.getCondition() or ""
    return (
        error.getSqlState() in CONFLICT_STATES
        or condition == BEING_CREATED
        or CONFLICTS.match(condition) is not None
    )


def commit_metadata(batch: int) -> str:
    return json.dumps({"batch": batch})
