"""Names and types of columns, tried on an empty table that is dropped again.

Delta refuses some only when a table is made, and after the seal that could not be mended: a sealed
batch is finished as it was sealed.
"""

from __future__ import annotations

import secrets

from pyspark.errors import PySparkException

from assay_jobs import quoting as q
from assay_jobs.attempt import Attempt
from assay_jobs.author_sql import line_of_column
from assay_jobs.errors import InputError
from assay_jobs.failures import blaming

from .candidate import Candidate

PREFIX = "_trial_"


def try_shapes(attempt: Attempt, candidates: list[Candidate]) -> None:
    """Two statements, where any table is new or changes its columns."""
    changed = [each for each in candidates if not each.keeps_shape]
    if not changed:
        return
    attempt.points.before("gold trial")
    _drop_leftovers(attempt)
    together = q.listed(f"{q.name(each.table.name)} struct<{_fields(each)}>" for each in changed)
    try:
        _try(attempt, together)
    except PySparkException:
        # One by one: the error may be about a column of any, or about trying them together.
        for candidate in changed:
            try:
                with blaming(candidate.table.file, allowing=("DELTA_",)):
                    _try(attempt, candidate.value_schema)
            except InputError as error:
                error.line = _line(candidate, error.message)
                raise


def _try(attempt: Attempt, columns: str) -> None:
    # A name that no author's table has, and no other process's trial.
    name = f"{PREFIX}{attempt.batch.number}_{secrets.token_hex(4)}"
    path = attempt.warehouse.table("gold", name)
    properties = attempt.warehouse.tblproperties
    attempt.warehouse.commit(f"CREATE TABLE {path} ({columns}) USING delta {properties}")
    attempt.warehouse.rows(f"DROP TABLE IF EXISTS {path}")


def _drop_leftovers(attempt: Attempt) -> None:
    """Of processes that ended in a trial, in batches before this one."""
    for name in attempt.warehouse.names("gold"):
        batch = name.removeprefix(PREFIX).partition("_")[0]
        if name.startswith(PREFIX) and int(batch) < attempt.batch.number:
            attempt.warehouse.rows(f"DROP TABLE IF EXISTS {attempt.warehouse.table('gold', name)}")


def _fields(candidate: Candidate) -> str:
    return q.listed(
        f"{q.name(each.name)}: {each.dataType.simpleString()}" for each in candidate.schema
    )


def _line(candidate: Candidate, message: str) -> int | None:
    """Of the column that the message names, in the author's SELECT."""
    named = [field.name for field in candidate.schema if field.name in message]
    return line_of_column(candidate.table.sql, max(named, key=len)) if named else None
