"""A sealed change set into its table. Repeating it changes nothing, and an attempt that comes late
cannot undo what a later batch did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay_jobs import quoting as q
from assay_jobs.attempt import Attempt
from assay_jobs.lake import Document
from assay_jobs.warehouse import ROWS_PER_FILE

from .lines import read_changes, typed_value
from .seals import Seals

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def apply_changes(attempt: Attempt, seals: Seals, table: str) -> None:
    sealed = attempt.seal["tables"][table]
    plan, paths = sealed["apply"], [each["path"] for each in sealed["changes"]]
    if plan["replaces"]:
        attempt.points.before("gold apply", table)
        _replace(attempt, table, sealed, paths)
    elif paths:
        view = f"_applied_{table}"
        read_changes(attempt.warehouse, attempt.lake, paths).selectExpr(
            "op",
            f"{typed_value(plan['schema'])} AS value",
            *(f"{part} AS _key_{at}" for at, part in enumerate(plan["typedKey"])),
        ).createOrReplaceTempView(view)
        attempt.points.before("gold apply", table)
        attempt.warehouse.commit(
            _merge(attempt.warehouse.table("gold", table), view, seals.is_latest(), plan)
        )


def _merge(path: str, view: str, is_latest: str, plan: Document) -> str:
    """Its source is empty once a later batch is sealed."""
    columns = plan["columns"]
    same = " AND ".join(f"t.{each} = s._key_{at}" for at, each in enumerate(plan["keyColumns"]))
    equal = " AND ".join(f"t.{each} <=> s.value.{each}" for each in columns)
    return (
        f"MERGE INTO {path} t USING (SELECT * FROM {view} WHERE {is_latest}) s ON {same} "
        "WHEN MATCHED AND s.op = 'delete' THEN DELETE "
        f"WHEN MATCHED AND NOT ({equal}) THEN UPDATE SET "
        f"{q.listed(f't.{each} = s.value.{each}' for each in columns)} "
        f"WHEN NOT MATCHED AND s.op = 'upsert' THEN INSERT ({q.listed(columns)}) "
        f"VALUES ({q.listed(f's.value.{each}' for each in columns)})"
    )


def _replace(attempt: Attempt, table: str, sealed: Document, paths: list[str]) -> None:
    """One commit for a table that is new or whose columns or key changed; its history goes on.
    Delta drops a second one of this batch, and any after a later batch's."""
    attempt.warehouse.overwrite(
        _all_rows(attempt, sealed, paths).coalesce(1 + sealed["rows"] // ROWS_PER_FILE),
        attempt.warehouse.table("gold", table),
        attempt.application(f"gold.{table}"),
        attempt.batch.number,
    )


def _all_rows(attempt: Attempt, sealed: Document, paths: list[str]) -> DataFrame:
    value = typed_value(sealed["apply"]["schema"])
    if not paths:
        nothing = attempt.warehouse.sql("SELECT CAST(NULL AS string) AS value WHERE false")
        return nothing.selectExpr(f"{value} AS v").selectExpr("v.*")
    upserts = read_changes(attempt.warehouse, attempt.lake, paths).where("op = 'upsert'")
    return upserts.selectExpr(f"{value} AS v").selectExpr("v.*")
