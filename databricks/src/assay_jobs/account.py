"""The books of a batch: each row in one verdict, each position of the manifest there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import UnbalancedBooksError
from .events import expected_positions
from .verdicts import VERDICTS

if TYPE_CHECKING:
    from pyspark.sql import Row

    from .silver import Refinery


def account_of(refinery: Refinery, rows: list[Row]) -> dict[str, Any]:
    own = [row for row in rows if row["source"] == refinery.source.name]
    received = sum(row["received"] for row in own)
    counts = {verdict: sum(row[verdict] for row in own) for verdict in VERDICTS}
    newest = [refinery.newest, *(row["newest"] for row in own)]
    partitions = {
        f"{row['_generation']}/{row['_partition']}": {
            "from": row["first"],
            "to": row["last"],
            "rows": row["received"],
            "distinct": row["positions"],
        }
        for row in own
    }
    if sum(counts.values()) != received:
        raise UnbalancedBooksError(f"{refinery.log}: {received} rows, in verdicts {counts}")
    _assert_complete(refinery, partitions)
    return {
        "received": received,
        **counts,
        "expired": 0,
        "missing": 0,
        # Of this batch and all before it: what the next batch calls late is measured against it.
        "newestEventAt": max((instant for instant in newest if instant), default=None),
        "partitions": dict(sorted(partitions.items())),
    }


def _assert_complete(refinery: Refinery, partitions: dict[str, Any]) -> None:
    """Delta answers a skipped append like a written one, so the rows themselves are counted."""
    where = f"{refinery.log}, batch {refinery.batch.number}"
    if refinery.source.contiguous:
        for (generation, partition), expected in expected_positions(refinery.slices).items():
            found = partitions.get(f"{generation}/{partition}", {"distinct": 0})["distinct"]
            if found != expected:
                raise UnbalancedBooksError(
                    f"{where}: partition {partition} of {generation} holds {found} of the "
                    f"{expected} positions that the manifest names"
                )
