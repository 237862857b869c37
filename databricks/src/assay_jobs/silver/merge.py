"""The MERGE from the slice of a log that one batch wrote into the source's table.

Repeating it changes nothing. Nor can it take back what a later batch did: its source is empty once
the log holds one, and what it deletes are rows of its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay_jobs import quoting as q

from .files import current_files
from .replacing import rows_by_key, rows_by_place
from .verdicts import GOOD

if TYPE_CHECKING:
    from .source import SilverSource


def merge_statement(source: SilverSource, unreadable: frozenset[str]) -> str | None:
    columns = [*source.place, "_batch", "_event_at", *source.contract.columns]
    # Delta's statistics of the log's files answer this: it reads rows of later batches only.
    latest = f"NOT EXISTS (SELECT 1 FROM {source.log} WHERE _batch > {source.batch.number})"
    if source.replaces:
        return _replacing(source, unreadable, columns, latest)
    good = f"FROM {source.log} WHERE _batch = {source.batch.number} AND {GOOD}"
    update = ""
    if source.last_wins:
        key = [q.name(each) for each in source.contract.key]
        same = " AND ".join(f"t.{each} = s.{each}" for each in key)
        # What stands is not written again: neither by a repetition nor for its own older place.
        moved = " AND ".join(f"t.{each} <=> s.{each}" for each in ("_batch", *source.place))
        update = f"WHEN MATCHED AND NOT ({moved}) THEN UPDATE SET {_assigned(columns)} "
    else:
        # The batch as a literal: only what this batch may have written is searched.
        same = f"t._batch = {source.batch.number}" + "".join(
            f" AND t.{each} = s.{each}" for each in source.place
        )
    return (
        f"MERGE INTO {source.table} t "
        f"USING (SELECT {q.listed(columns)} {good} AND {latest}) s ON {same} "
        f"{update}WHEN NOT MATCHED THEN INSERT ({q.listed(columns)}) "
        f"VALUES ({q.listed(f's.{each}' for each in columns)})"
    )


def _replacing(
    source: SilverSource, unreadable: frozenset[str], columns: list[str], latest: str
) -> str | None:
    """Files stand instead of older ones of their names, whose other rows go."""
    readable = [file for file in source.files if file.id not in unreadable]
    current = current_files(source.definition, readable)
    if not current:
        return None
    key = [q.name(each) for each in source.contract.key]
    rows = rows_by_key if key else rows_by_place
    identity = key or ["_partition", "_sequence"]
    # A row that another file has now is that file's, be it alike or not.
    alike = ("_partition", *source.contract.columns)
    differs = " AND ".join(f"t.{each} <=> s.{each}" for each in alike)
    same = " AND ".join(f"t.{each} = s.{each}" for each in identity)
    return (
        f"MERGE INTO {source.table} t "
        f"USING (SELECT * FROM ({rows(source, current, columns)}) WHERE {latest}) s ON {same} "
        "WHEN MATCHED AND s._is_gone THEN DELETE "
        f"WHEN MATCHED AND NOT ({differs}) THEN UPDATE SET {_assigned(columns)} "
        f"WHEN NOT MATCHED AND NOT s._is_gone THEN INSERT ({q.listed(columns)}) "
        f"VALUES ({q.listed(f's.{each}' for each in columns)})"
    )


def _assigned(columns: list[str]) -> str:
    return q.listed(f"t.{each} = s.{each}" for each in columns)
