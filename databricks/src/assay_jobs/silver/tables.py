"""The tables of a source: its log, its table of good rows, and the view of what is quarantined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.errors import PySparkException

from assay_jobs import quoting as q
from assay_jobs.contract import PROBLEMS_TYPE
from assay_jobs.errors import InputError
from assay_jobs.places import in_contract

if TYPE_CHECKING:
    from .source import SilverSource

PLACE_COLUMNS = {
    "_generation": "string",
    "_partition": "string",
    "_sequence": "bigint",
    "_file": "string",
}
LOG_COLUMNS = {
    "_batch": "bigint",
    "_verdict": "string",
    "_reason": "string",
    "_problems": PROBLEMS_TYPE,
    **PLACE_COLUMNS,
    "_order": "int",
    "_definition": "string",
    "_body": "binary",
    "_event_at": "timestamp",
}
SILVER_COLUMNS = {"_batch": "bigint", **PLACE_COLUMNS, "_event_at": "timestamp"}


def create_tables(source: SilverSource) -> None:
    """A source without input has its tables too: gold may read it from the first batch on. Their
    columns are looked at where the definition is another one than before, which costs four looks
    at schemas a source."""
    with in_contract(source.definition):
        _create_tables(source)


def _create_tables(source: SilverSource) -> None:
    item = dict.fromkeys(source.item, "int")
    attempt = source.attempt
    is_as_before = attempt.previous.has_tables_of(attempt.batch.definition.digest)
    own = item | {each.column: each.column_type for each in source.contract.properties}
    for table, path, ours in (
        (f"{source.name}_log", source.log, LOG_COLUMNS),
        (source.name, source.table, SILVER_COLUMNS),
    ):
        if source.warehouse.has("silver", table):
            if not is_as_before:
                _widen(source, path, ours | own)
        else:
            source.attempt.points.before("silver tables", table)
            source.warehouse.commit(
                f"CREATE TABLE IF NOT EXISTS {path} ({_columns(ours | own)}) "
                f"USING delta {source.warehouse.tblproperties}"
            )
    _create_view(source, is_as_before=is_as_before)


def _create_view(source: SilverSource, *, is_as_before: bool) -> None:
    """A view keeps the columns that its table had when it was made."""
    name = f"{source.name}_quarantine"
    view = source.warehouse.table("silver", name)
    if source.warehouse.has("silver", name):
        if is_as_before or _names(source, view) == _names(source, source.log):
            return
        create = "CREATE OR REPLACE VIEW"
    else:
        create = "CREATE VIEW IF NOT EXISTS"
    source.attempt.points.before("silver tables", name)
    source.warehouse.rows(
        f"{create} {view} AS SELECT * FROM {source.log} WHERE _verdict = 'quarantined'"
    )


def retired_columns(source: SilverSource) -> list[str]:
    """Of the source's table: those that its definition has no more. It costs a look at the table's
    schema."""
    own = {*SILVER_COLUMNS, *source.item}
    own |= {each.column.lower() for each in source.contract.properties}
    return [each for each in _names(source, source.table) if each.lower() not in own]


def _names(source: SilverSource, path: str) -> list[str]:
    return [field.name for field in source.warehouse.rows_of(path).schema]


def _columns(columns: dict[str, str]) -> str:
    return q.listed(f"{q.name(name)} {kind}" for name, kind in columns.items())


def _widen(source: SilverSource, path: str, wanted: dict[str, str]) -> None:
    """The contract may have gained properties; what they were before stays null."""
    added = _missing_columns(source, path, wanted)
    if not added:
        return
    source.attempt.points.before("silver tables", path)
    try:
        source.warehouse.commit(f"ALTER TABLE {path} ADD COLUMNS ({_columns(added)})")
    except PySparkException:
        # Another process may have added them first.
        if _missing_columns(source, path, wanted):
            raise


def _missing_columns(source: SilverSource, path: str, wanted: dict[str, str]) -> dict[str, str]:
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
    return {name: kind for name, kind in wanted.items() if name.lower() not in there}
