"""What files that replace older ones of their names bring to silver, and what goes with the older
ones: rows with the columns of the table and `_is_gone`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay_jobs import quoting as q
from assay_jobs.batch import DroppedFile

from .verdicts import GOOD, HOLDS_A_KEY, ORDER

if TYPE_CHECKING:
    from .source import SilverSource


def rows_by_place(source: SilverSource, current: list[DroppedFile], columns: list[str]) -> str:
    """Without `x-key`: what is there once is a row of a file."""
    listed = q.listed(columns)
    return (
        f"WITH good AS (SELECT {listed} FROM {source.log} WHERE {_of_batch(source, current)} "
        f"AND {GOOD}), "
        f"old AS (SELECT * FROM {source.table} WHERE _partition IN ({_names(current)})) "
        f"SELECT {listed}, false AS _is_gone FROM good UNION ALL "
        f"SELECT {_of('old', columns)}, true FROM old "
        f"LEFT ANTI JOIN good ON {_same(['_partition', '_sequence'], 'good', 'old')}"
    )


def rows_by_key(source: SilverSource, current: list[DroppedFile], columns: list[str]) -> str:
    """Several files may hold a key, and one of them has the row: of those in this batch the one
    that its verdict names; else, where the file that had it comes without it, another one that
    holds it still. For these the log is read: it costs its rows' places, not the rows."""
    key = [q.name(each) for each in source.contract.key]
    log, listed, down = source.log, q.listed(columns), " DESC" if source.last_wins else ""
    among = f"PARTITION BY {q.listed(f'l.{each}' for each in key)}"
    order = [f"l.{each}{down}" for each in ORDER]
    names, others = _names(current), "true"
    if not source.last_wins:
        # A file that comes back for an unreadable one was judged as replaced: it may have keys of
        # other files of this batch, and the unreadable one's older file has its keys still.
        order.insert(0, "CASE WHEN o._partition = l._partition THEN 0 ELSE 1 END")
        others = f"(o._partition IS NULL OR o._partition IN ({names}, l._partition))"
    good = (
        f"SELECT {_of('l', columns)}, row_number() OVER ({among} ORDER BY {q.listed(order)}) "
        f"AS _nth FROM (SELECT * FROM {log} WHERE {_of_batch(source, current)} AND {GOOD}) l "
        f"LEFT JOIN {source.table} o ON {_same(key, 'l', 'o')} WHERE {others}"
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
        f"LEFT SEMI JOIN gone ON {_same(key, 'l', 'gone')} "
        "LEFT SEMI JOIN newest ON l._file = newest._file"
    )
    return (
        f"WITH good AS (SELECT {listed} FROM ({good}) WHERE _nth = 1), "
        f"old AS (SELECT * FROM {source.table} WHERE _partition IN ({names})), "
        f"gone AS (SELECT {_of('old', columns)} FROM old "
        f"LEFT ANTI JOIN good ON {_same(key, 'good', 'old')}), "
        f"newest AS ({newest}), "
        f"heirs AS (SELECT {listed} FROM ({heirs}) WHERE _nth = 1) "
        f"SELECT {listed}, false AS _is_gone FROM good UNION ALL "
        f"SELECT {listed}, false FROM heirs UNION ALL "
        f"SELECT {_of('gone', columns)}, true FROM gone "
        f"LEFT ANTI JOIN heirs ON {_same(key, 'heirs', 'gone')}"
    )


def _of_batch(source: SilverSource, current: list[DroppedFile]) -> str:
    files = q.listed(q.text(file.id) for file in current)
    return f"_batch = {source.batch.number} AND _file IN ({files})"


def _names(current: list[DroppedFile]) -> str:
    return q.listed(sorted(q.text(file.name) for file in current))


def _of(table: str, columns: list[str]) -> str:
    return q.listed(f"{table}.{each}" for each in columns)


def _same(columns: list[str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{each} = {right}.{each}" for each in columns)
