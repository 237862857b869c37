"""The MERGE from the slice of a log that one batch wrote into the source's table. It comes behind
`silver.json`: what does not count has changed nothing (docs/decisions/0013).

Repeating it changes nothing. Nor can it take back what a later batch did: its source is empty once
the log holds one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay_jobs import quoting as q

from .files import current_files
from .replacing import of_last, of_replacing
from .tables import retired_columns
from .verdicts import GOOD

if TYPE_CHECKING:
    from .source import SilverSource


def merge(source: SilverSource, unreadable: frozenset[str]) -> None:
    """`unreadable`: files of which every row was quarantined. Such a one replaces nothing: the last
    readable file of its name stays, and the quarantine shows the rest."""
    statement = merge_statement(source, unreadable)
    if statement is not None:
        source.attempt.points.before("silver merge", source.name)
        source.warehouse.commit(statement)


def merge_statement(source: SilverSource, unreadable: frozenset[str]) -> str | None:
    columns = [*source.place, "_batch", "_event_at", *source.contract.columns]
    if source.replaces or source.last_wins:
        return _changing_statement(source, columns, unreadable)
    # The batch as a literal: only what this batch may have written is searched.
    same = f"t._batch = {source.batch.number}" + "".join(
        f" AND t.{each} <=> s.{each}" for each in source.place
    )
    good = f"_batch = {source.batch.number} AND {GOOD}"
    return (
        f"MERGE INTO {source.table} t USING (SELECT {q.listed(columns)} FROM {source.log} "
        f"WHERE {good} AND {_is_current(source)}) s ON {same} "
        f"WHEN NOT MATCHED THEN {_inserted(columns)}"
    )


def _changing_statement(
    source: SilverSource, columns: list[str], unreadable: frozenset[str]
) -> str | None:
    retired = retired_columns(source)
    place = ["_file", "_sequence", *(["_item"] if "_item" in (*retired, *source.item) else [])]
    if source.replaces:
        readable = [file for file in source.files if file.id not in unreadable]
        current = current_files(source.definition, readable)
        # A row that another file has now is that file's, be it alike or not.
        alike = ["_partition", *source.contract.columns]
        changes = of_replacing(source, current, columns, place) if current else None
    else:
        # What stands is not written again: neither by a repetition nor for its own older place.
        alike = ["_batch", *source.place]
        changes = of_last(source, columns, place)
    return changes and _changing(source, columns, changes, alike, place, retired)


def _changing(
    source: SilverSource,
    columns: list[str],
    changes: str,
    alike: list[str],
    place: list[str],
    retired_names: list[str],
) -> str:
    """`changes` name the one row that each of them is about by its `place`, whatever keys the table
    has: a definition may have had none, or another one. `alike`: the columns by which a row stays
    as it is."""
    retired = [q.name(each) for each in retired_names]
    # Rows of the time before an event could hold several have no item.
    on = [(each, "<=>" if each == "_item" else "=") for each in place]
    differs = [f"t.{each} <=> s.{each}" for each in alike]
    # A column that the contract has no more is null in a new row, so in a row that becomes one.
    differs += [f"t.{each} IS NULL" for each in retired]
    assigned = [f"t.{each} = s.{each}" for each in columns]
    assigned += [f"t.{each} = NULL" for each in retired]
    return (
        f"MERGE INTO {source.table} t "
        f"USING (SELECT * FROM ({changes}) WHERE {_is_current(source)}) s "
        f"ON {' AND '.join(f't.{each} {same} s._at{each}' for each, same in on)} "
        "WHEN MATCHED AND s._is_gone THEN DELETE "
        f"WHEN MATCHED AND NOT ({' AND '.join(differs)}) THEN UPDATE SET {q.listed(assigned)} "
        f"WHEN NOT MATCHED AND NOT s._is_gone THEN {_inserted(columns)}"
    )


def _is_current(source: SilverSource) -> str:
    """The log holds the batch, which a skipped one's next batch takes out, and none behind it.
    Delta's statistics of the log's files answer both: rows of later batches only are read."""
    number = source.batch.number
    return (
        f"EXISTS (SELECT 1 FROM {source.log} WHERE _batch = {number}) "
        f"AND NOT EXISTS (SELECT 1 FROM {source.log} WHERE _batch > {number})"
    )


def _inserted(columns: list[str]) -> str:
    return f"INSERT ({q.listed(columns)}) VALUES ({q.listed(f's.{each}' for each in columns)})"
