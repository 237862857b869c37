"""Running batches in tests, and reading the tables with a reader that is not Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deltalake import DeltaTable
from pyspark.sql import SparkSession

from assay_jobs.commit_points import Pause, PauseHook
from assay_jobs.request import Request
from assay_jobs.runner import run
from assay_jobs.warehouse import Warehouse
from documents import check_documents
from lakes import ALake

CATALOG = "spark_catalog"
Row = dict[str, Any]


class CrashError(Exception):
    """What a killed process would do at this place."""


def crash_before(point: str, subject: str = "") -> PauseHook:
    def pause(at: Pause) -> None:
        if at == Pause(point, "change", subject):
            raise CrashError(at)

    return pause


class Runs:
    def __init__(self, spark: SparkSession, lake: ALake, warehouse: Path) -> None:
        self.spark = spark
        self.lake = lake
        self.warehouse = warehouse

    def run(
        self, batch: int, attempt: int = 1, pause: PauseHook = lambda pause: None
    ) -> dict[str, Any]:
        process = self.attempt(batch, attempt, pause)
        assert process is not None
        return process

    def attempt(
        self, batch: int, attempt: int = 1, pause: PauseHook = lambda pause: None
    ) -> dict[str, Any] | None:
        """process.json, where there is one then. Everything that it wrote fits its schema."""
        request = Request(self.lake.pipeline, batch, attempt, str(self.lake.root), CATALOG)
        try:
            return run(Warehouse(self.spark, CATALOG, self.lake.pipeline), request, pause=pause)
        finally:
            check_documents(self.lake.root)

    def forget_process(self, batch: int) -> None:
        """As if the process had died before it could write its last document."""
        (self.lake.root / self.lake.folder(batch) / "process.json").unlink()

    def table(self, layer: str, table: str) -> DeltaTable:
        return DeltaTable(str(self.warehouse / f"{self.lake.pipeline}_{layer}.db" / table))

    def rows(self, layer: str, table: str) -> list[Row]:
        rows: list[Row] = self.table(layer, table).to_pyarrow_table().to_pylist()
        return rows

    def log(self, source: str, batch: int) -> list[Row]:
        rows = self.rows("silver", f"{source}_log")
        return sorted(
            (row for row in rows if row["_batch"] == batch),
            key=lambda row: (row["_partition"], row["_sequence"], row["_file"]),
        )

    def gold(self, table: str, *key: str) -> dict[tuple[str, ...], Row]:
        return {tuple(str(row[part]) for part in key): row for row in self.rows("gold", table)}
