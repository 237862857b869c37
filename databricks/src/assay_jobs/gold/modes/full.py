"""The mode that always works: the whole SELECT is computed and compared with the whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812

from assay_jobs import quoting as q
from assay_jobs.gold.keys import key_parts, key_problem

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.gold.candidate import Candidate


def changes(candidate: Candidate) -> DataFrame:
    """Costs O(silver + gold). Rows whose key names no document are all in it, as refused."""
    key = candidate.key
    counted = (
        candidate.rows.selectExpr(
            "*", f"count(1) OVER (PARTITION BY {q.listed(key)}) AS _of_key", "true AS _is_new"
        )
        .selectExpr("*", f"{key_problem(candidate.table.key, candidate.schema)} AS _problem")
        .alias("c")
    )
    value = f"struct({q.listed(f'c.{each}' for each in candidate.columns)})"
    new_key = f"array({q.listed(key_parts(candidate.table.key, candidate.schema, 'c.'))})"
    if candidate.before is None or not candidate.keeps_key:
        return counted.selectExpr(
            "if(c._problem IS NULL, 'upsert', 'refused') AS op",
            f"{new_key} AS key",
            "true AS isNew",
            "c._problem AS reason",
            f"if(c._problem IS NULL, {value}, NULL) AS value",
        )
    old = candidate.before.selectExpr("*", "true AS _is_old").alias("o")
    old_key = f"array({q.listed(key_parts(candidate.table.key, candidate.schema, 'o.'))})"
    same_key = " AND ".join(f"c.{each} = o.{each}" for each in key)
    # When the columns themselves changed, every document is written anew.
    equal = "false"
    if candidate.keeps_shape:
        equal = " AND ".join(f"c.{each} <=> o.{each}" for each in candidate.columns)
    return (
        counted.join(old, F.expr(same_key), "full")
        .where(f"c._problem IS NOT NULL OR NOT (c._is_new <=> o._is_old AND {equal})")
        .selectExpr(
            "CASE WHEN c._problem IS NOT NULL THEN 'refused' "
            "WHEN c._is_new THEN 'upsert' ELSE 'delete' END AS op",
            f"if(c._is_new, {new_key}, {old_key}) AS key",
            "if(c._is_new, o._is_old IS NULL, NULL) AS isNew",
            "c._problem AS reason",
            f"if(c._is_new AND c._problem IS NULL, {value}, NULL) AS value",
        )
    )
