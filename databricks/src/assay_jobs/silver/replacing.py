"""What a batch changes in rows that are in silver already: the new rows, each with the place of the
one row that it stands instead of (`_at_file`, `_at_sequence`, and `_at_item` where events may hold
several rows; null where it is added), and the rows
that go with it (`_is_gone`).

A place is a row of one claimed file, and in silver once. A key is not: the rows of an earlier
definition may have none, or one that repeats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay_jobs import quoting as q
from assay_jobs.batch import DroppedFile

from .verdicts import GOOD, HOLDS_A_KEY, ORDER

if TYPE_CHECKING:
    from .source import SilverSource

# Of several rows in silver for one, the newest is the one that stays.
NEWEST_FIRST = "_batch DESC, _file DESC, _sequence DESC"


def of_replacing(
    source: SilverSource, current: list[DroppedFile], columns: list[str], place: list[str]
) -> str:
    """`current`: files that stand instead of older ones of their names, whose other rows go.
    `place`: the columns of silver that are one."""
    if source.contract.key:
        return _of_replacing_keys(source, current, columns, place)
    return _of_replacing_places(source, current, columns, place)


def of_last(source: SilverSource, columns: list[str], place: list[str]) -> str:
    """`onRepeatedKey: last` beside older files: the last row of a key stands alone."""
    key = [q.name(each) for each in source.contract.key]
    good = f"SELECT {q.listed(columns)} FROM {source.log} WHERE {_of_batch(source)} AND {GOOD}"
    return f"WITH good AS ({good}), {_held(source, key)} {_taking_over(key, columns, place)}"


def _of_replacing_places(
    source: SilverSource, current: list[DroppedFile], columns: list[str], place: list[str]
) -> str:
    """Without `x-key`: what is there once is a row of a file name."""
    same = _same(["_partition", "_sequence"], "good", "old")
    return (
        f"WITH good AS (SELECT {q.listed(columns)} FROM {source.log} "
        f"WHERE {_of_batch(source)} AND {_of_files(current)} AND {GOOD}), "
        f"old AS (SELECT *, row_number() OVER (PARTITION BY _partition, _sequence "
        f"ORDER BY {NEWEST_FIRST}) AS _nth "
        f"FROM {source.table} WHERE _partition IN ({_names(current)})) "
        f"SELECT {_of('good', columns)}, false AS _is_gone, {_at('old', place)} "
        f"FROM good LEFT JOIN old ON {same} AND old._nth = 1 UNION ALL "
        f"SELECT {_of('old', columns)}, true, {_at('old', place)} "
        f"FROM old LEFT ANTI JOIN good ON {same} AND old._nth = 1"
    )


def _of_replacing_keys(
    source: SilverSource, current: list[DroppedFile], columns: list[str], place: list[str]
) -> str:
    """Several files may hold a key, and one of them has the row: of those in this batch the one
    that its verdict names; else, where the file that had it comes without it, another one that
    holds it still. For these alone all of the log is read; whether there are any costs a query."""
    key = [q.name(each) for each in source.contract.key]
    log, table, down = source.log, source.table, " DESC" if source.last_wins else ""
    listed, names = q.listed(columns), _names(current)
    among = f"PARTITION BY {q.listed(f'l.{each}' for each in key)}"
    order = [f"l.{each}{down}" for each in ORDER]
    others = "true"
    if not source.last_wins:
        # A file that comes back for an unreadable one was judged as replaced: it may have keys of
        # other files of this batch, and the unreadable one's older file has its keys still.
        order.insert(0, "CASE WHEN o._partition = l._partition THEN 0 ELSE 1 END")
        others = f"(o._partition IS NULL OR o._partition IN ({names}, l._partition))"
    of_batch = f"{_of_batch(source)} AND {_of_files(current)}"
    good = (
        f"SELECT {_of('l', columns)}, row_number() OVER ({among} ORDER BY {q.listed(order)}) "
        f"AS _nth FROM (SELECT * FROM {log} WHERE {of_batch} AND {GOOD}) l "
        f"LEFT JOIN {table} o ON {_same(key, 'l', 'o')} WHERE {others}"
    )
    going = (
        f"WITH good AS (SELECT {listed} FROM ({good}) WHERE _nth = 1), "
        f"gone AS (SELECT old.*, row_number() OVER (PARTITION BY {_of('old', key)} "
        f"ORDER BY {NEWEST_FIRST}) AS _nth "
        f"FROM (SELECT * FROM {table} WHERE _partition IN ({names})) old "
        f"LEFT ANTI JOIN good ON {_same(key, 'good', 'old')})"
    )
    # Keys that no row of silver would have.
    lost = (
        f"kept AS (SELECT {q.listed(key)} FROM {table} WHERE _partition NOT IN ({names})), "
        f"lost AS (SELECT * FROM (SELECT * FROM gone WHERE _nth = 1) once "
        f"LEFT ANTI JOIN kept ON {_same(key, 'kept', 'once')})"
    )
    standing, taking = _held(source, key), _taking_over(key, columns, place)
    if not _has_rows(source, f"{going}, {lost} SELECT count(*) AS rows FROM lost"):
        return (
            f"{going}, {standing} {taking} UNION ALL "
            f"SELECT {_of('gone', columns)}, true, {_at('gone', place)} FROM gone"
        )
    ranked = q.listed(f"l.{each}{down}" for each in ("_batch", *ORDER))
    # The newest file of each name that could be read; one without rows has left its mark.
    newest = (
        f"SELECT max_by(_file, struct(_batch, coalesce(_order, 0))) AS _file FROM {log} "
        f"WHERE _batch <= {source.batch.number} AND _verdict <> 'quarantined' GROUP BY _partition"
    )
    heirs = (
        f"SELECT {_of('l', columns)}, row_number() OVER ({among} ORDER BY {ranked}) AS _nth "
        f"FROM (SELECT * FROM {log} WHERE _batch <= {source.batch.number} AND {HOLDS_A_KEY}) l "
        f"LEFT SEMI JOIN lost ON {_same(key, 'l', 'lost')} "
        "LEFT SEMI JOIN newest ON l._file = newest._file"
    )
    return (
        f"{going}, {lost}, {standing}, newest AS ({newest}), "
        f"heirs AS (SELECT {listed} FROM ({heirs}) WHERE _nth = 1) {taking} UNION ALL "
        f"SELECT {_of('heirs', columns)}, false, {_at('lost', place)} "
        f"FROM heirs JOIN lost ON {_same(key, 'heirs', 'lost')} UNION ALL "
        f"SELECT {_of('gone', columns)}, true, {_at('gone', place)} "
        f"FROM gone LEFT ANTI JOIN heirs ON {_same(key, 'heirs', 'gone')} AND gone._nth = 1"
    )


def _has_rows(source: SilverSource, count: str) -> bool:
    """Of the time before the batch: nobody needs to ask where it is the first."""
    if source.attempt.previous.is_none:
        return False
    [found] = source.warehouse.rows(count)
    return bool(found["rows"])


def _held(source: SilverSource, key: list[str]) -> str:
    """The rows of silver that have the key of a good one, whatever file they are of."""
    return (
        f"held AS (SELECT o.*, row_number() OVER (PARTITION BY {_of('o', key)} "
        f"ORDER BY {NEWEST_FIRST}) AS _nth "
        f"FROM {source.table} o LEFT SEMI JOIN good ON {_same(key, 'good', 'o')})"
    )


def _taking_over(key: list[str], columns: list[str], place: list[str]) -> str:
    """Each good row instead of one that has its key; others with that key go."""
    return (
        f"SELECT {_of('good', columns)}, false AS _is_gone, {_at('held', place)} "
        f"FROM good LEFT JOIN held ON {_same(key, 'good', 'held')} AND held._nth = 1 UNION ALL "
        f"SELECT {_of('held', columns)}, true, {_at('held', place)} FROM held WHERE _nth > 1"
    )


def _of_batch(source: SilverSource) -> str:
    return f"_batch = {source.batch.number}"


def _of_files(current: list[DroppedFile]) -> str:
    return f"_file IN ({q.listed(q.text(file.id) for file in current)})"


def _names(current: list[DroppedFile]) -> str:
    return q.listed(sorted(q.text(file.name) for file in current))


def _at(table: str, place: list[str]) -> str:
    return q.listed(f"{table}.{each} AS _at{each}" for each in place)


def _of(table: str, columns: list[str]) -> str:
    return q.listed(f"{table}.{each}" for each in columns)


def _same(columns: list[str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{each} = {right}.{each}" for each in columns)
