"""What became of a batch's rows: each in one verdict, each position of the manifest there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay_jobs.errors import UnbalancedBooksError

from .events import expected_positions
from .files import GENERATION
from .verdicts import VERDICTS

if TYPE_CHECKING:
    from assay_jobs.warehouse import Warehouse

    from .source import SilverSource


EMPTY = {"from": 1, "to": 0, "rows": 0, "distinct": 0}


class Counts:
    """One query over the logs of all sources with input."""

    def __init__(self, warehouse: Warehouse, sources: list[SilverSource]) -> None:
        queries = [source.counts_query() for source in sources]
        self.rows = warehouse.rows(" UNION ALL ".join(queries)) if queries else []
        self.unreadable = frozenset(file for row in self.rows for file in row["unreadable"])
        self.with_rows = frozenset(file for row in self.rows for file in row["files"])

    def of(self, source: SilverSource) -> dict[str, Any]:
        return batch_counts(source, [row.asDict() for row in self.rows])


def batch_counts(source: SilverSource, rows: list[dict[str, Any]]) -> dict[str, Any]:
    own = [row for row in rows if row["source"] == source.name]
    rows_in = sum(row["received"] for row in own)
    counts = {verdict: sum(row[verdict] for row in own) for verdict in VERDICTS}
    newest = [source.newest, *(row["newest"] for row in own)]
    partitions = {
        f"{row['_generation']}/{row['_partition']}": {
            "from": row["first"],
            "to": row["last"],
            "rows": row["received"],
            "distinct": row["positions"],
        }
        for row in own
    }
    for file in source.files:
        # An empty table, which may have replaced an earlier one: it is to be seen.
        partitions.setdefault(f"{GENERATION}/{file.name}", EMPTY)
    if sum(counts.values()) != rows_in:
        raise UnbalancedBooksError(f"{source.log}: {rows_in} rows, in verdicts {counts}")
    _assert_complete(source, partitions)
    _assert_single(source, own)
    expired, missing, recovered = (
        source.gaps.get(reason, 0) for reason in ("expired", "missing", "recovered")
    )
    return {
        # Each event once over all batches: what was accounted for already is not received again.
        "received": rows_in + expired + missing - recovered,
        **counts,
        "expired": expired,
        "missing": missing,
        **({"recovered": recovered} if recovered else {}),
        # Of this batch and all before it: what the next batch calls late is measured against it.
        "newestEventAt": max((instant for instant in newest if instant), default=None),
        "partitions": dict(sorted(partitions.items())),
    }


def _assert_complete(source: SilverSource, partitions: dict[str, Any]) -> None:
    """Delta answers a skipped append like a written one, so the rows themselves are counted."""
    if source.definition.contiguous:
        for (generation, partition), expected in expected_positions(source.slices).items():
            found = partitions.get(f"{generation}/{partition}", {"distinct": 0})["distinct"]
            if found != expected:
                raise UnbalancedBooksError(
                    f"{source.log}, batch {source.batch.number}: partition {partition} of "
                    f"{generation} holds {found} of the {expected} positions that the manifest "
                    "names"
                )


def _assert_single(source: SilverSource, rows: list[dict[str, Any]]) -> None:
    """A platform that ignores the append's transaction would bring every row twice."""
    for row in rows:
        if row["once"] != row["places"]:
            raise UnbalancedBooksError(
                f"{source.log}, batch {source.batch.number}: {row['once']} rows at "
                f"{row['places']} positions of {row['_generation']}/{row['_partition']}"
            )
