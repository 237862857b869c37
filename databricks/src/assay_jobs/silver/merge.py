"""The MERGE from the slice of a log that one batch wrote into the source's table.

Repeating it changes nothing. Nor can it take back what a later batch did: its source is empty once
the log holds one, and what it deletes are rows of its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay_jobs import quoting as q

from .files import current_files
from .verdicts import GOOD

if TYPE_CHECKING:
    from .source import SilverSource

PLACE = ("_generation", "_partition", "_sequence", "_file")


def merge_statement(source: SilverSource, unreadable: frozenset[str]) -> str | None:
    columns = [*PLACE, "_batch", "_event_at", *source.contract.columns]
    good = f"FROM {source.log} WHERE _batch = {source.batch.number} AND {GOOD}"
    # Delta's statistics of the log's files answer this: it reads rows of later batches only.
    latest = f"NOT EXISTS (SELECT 1 FROM {source.log} WHERE _batch > {source.batch.number})"
    if source.replaces:
        return _replacing(source, unreadable, columns, good, latest)
    # The batch as a literal: only what this batch may have written is searched.
    same = f"t._batch = {source.batch.number}" + "".join(
        f" AND t.{each} = s.{each}" for each in PLACE
    )
    return (
        f"MERGE INTO {source.table} t "
        f"USING (SELECT {q.listed(columns)} {good} AND {latest}) s ON {same} "
        f"WHEN NOT MATCHED THEN INSERT ({q.listed(columns)}) "
        f"VALUES ({q.listed(f's.{each}' for each in columns)})"
    )


def _replacing(
    source: SilverSource, unreadable: frozenset[str], columns: list[str], good: str, latest: str
) -> str | None:
    """Files stand instead of older ones of their names, whose other rows go."""
    readable = [file for file in source.files if file.id not in unreadable]
    current = current_files(source.definition, readable)
    if not current:
        return None
    identity = [q.name(each) for each in source.contract.key or ("_partition", "_sequence")]
    differs = " AND ".join(f"t.{each} <=> s.{each}" for each in source.contract.columns)
    good += f" AND _file IN ({q.listed(q.text(file.id) for file in current)})"
    if source.contract.key and not set(current) <= set(source.current):
        # A file that comes back for an unreadable one was judged as replaced: it may have
        # keys of other files in this batch.
        nth = (
            f"row_number() OVER (PARTITION BY {q.listed(identity)} ORDER BY _partition, _sequence)"
        )
        good = f"FROM (SELECT *, {nth} AS _nth {good}) WHERE _nth = 1"
    names = q.listed(sorted(q.text(file.name) for file in current))
    kept = " AND ".join(f"good.{each} = old.{each}" for each in identity)
    rows = (
        f"WITH good AS (SELECT {q.listed(columns)} {good}) "
        "SELECT *, false AS _is_gone FROM good UNION ALL "
        f"SELECT {q.listed(f'old.{each}' for each in columns)}, true FROM {source.table} old "
        f"LEFT ANTI JOIN good ON {kept} WHERE old._partition IN ({names})"
    )
    same = " AND ".join(f"t.{each} = s.{each}" for each in identity)
    return (
        f"MERGE INTO {source.table} t USING (SELECT * FROM ({rows}) WHERE {latest}) s ON {same} "
        "WHEN MATCHED AND s._is_gone THEN DELETE "
        f"WHEN MATCHED AND NOT ({differs}) THEN UPDATE SET "
        f"{q.listed(f't.{each} = s.{each}' for each in columns)} "
        f"WHEN NOT MATCHED AND NOT s._is_gone THEN INSERT ({q.listed(columns)}) "
        f"VALUES ({q.listed(f's.{each}' for each in columns)})"
    )
