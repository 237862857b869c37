"""The tables of a source: its log, its table of good rows, and the view of what is quarantined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.errors import PySparkException

from assay_jobs import quoting as q
from assay_jobs.errors import InputError
from assay_jobs.places import in_contract
from assay_jobs.warehouse import TBLPROPERTIES

if TYPE_CHECKING:
    from .source import SilverSource

LOG_COLUMNS = (
    "_batch bigint, _verdict string, _reason string, _generation string, _partition string, "
    "_sequence bigint, _file string, _body binary, _event_at timestamp"
)
SILVER_COLUMNS = (
    "_batch bigint, _generation string, _partition string, _sequence bigint, _file string, "
    "_event_at timestamp"
)


def create_tables(source: SilverSource) -> None:
    """A source without input has its tables too: gold may read it from the first batch on."""
    with in_contract(source.definition):
        _create_tables(source)


def _create_tables(source: SilverSource) -> None:
    own = [f"{q.name(each.column)} {each.column_type}" for each in source.contract.properties]
    for table, path, columns in (
        (f"{source.name}_log", source.log, LOG_COLUMNS),
        (source.name, source.table, SILVER_COLUMNS),
    ):
        if source.warehouse.has("silver", table):
            _widen(source, path)
        else:
            source.attempt.points.before("silver tables", table)
            source.warehouse.commit(
                f"CREATE TABLE IF NOT EXISTS {path} ({q.listed([columns, *own])}) "
                f"USING delta {TBLPROPERTIES}"
            )
    if not source.warehouse.has("silver", f"{source.name}_quarantine"):
        view = source.warehouse.table("silver", f"{source.name}_quarantine")
        source.attempt.points.before("silver tables", f"{source.name}_quarantine")
        source.warehouse.rows(
            f"CREATE VIEW IF NOT EXISTS {view} "
            f"AS SELECT * FROM {source.log} WHERE _verdict = 'quarantined'"
        )


def _widen(source: SilverSource, path: str) -> None:
    """The contract may have gained properties; what they were before stays null."""
    added = _missing_columns(source, path)
    if not added:
        return
    source.attempt.points.before("silver tables", path)
    try:
        source.warehouse.commit(f"ALTER TABLE {path} ADD COLUMNS ({q.listed(added)})")
    except PySparkException:
        # Another process may have added them first.
        if _missing_columns(source, path):
            raise


def _missing_columns(source: SilverSource, path: str) -> list[str]:
    there = {
        field.name.lower(): field.dataType.simpleString()
        for field in source.warehouse.rows_of(path).schema
    }
    there_as = {"bigint": "integer", "double": "number"}
    for each in source.contract.properties:
        kind = there.get(each.column.lower(), each.column_type)
        if kind != each.column_type:
            raise InputError(
                "SILVER_COLUMN_TYPE",
                f"contract of {source.name}, {each.name}: was {there_as.get(kind, kind)} "
                f"and is now {each.type}. "
                'Write another name, or "x-column" with the name of a new column.',
            )
    return [
        f"{q.name(each.column)} {each.column_type}"
        for each in source.contract.properties
        if each.column.lower() not in there
    ]
