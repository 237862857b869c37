"""What a batch owes to each sink: of each table its changes, or a snapshot of all its rows."""

from __future__ import annotations

from assay_jobs.attempt import Attempt
from assay_jobs.lake import Document

SNAPSHOT = "snapshot"


def sealed_sinks(attempt: Attempt, sealed_since: set[int]) -> Document:
    return {
        name: {
            "tables": {
                table: SNAPSHOT
                if _needs_snapshot(attempt, name, sink.kind, table, sealed_since)
                else "changes"
                for table in sink.tables
            }
        }
        for name, sink in attempt.batch.definition.sinks.items()
    }


def tables_with_snapshot(sinks: Document) -> set[str]:
    return {
        table
        for sink in sinks.values()
        for table, mode in sink["tables"].items()
        if mode == SNAPSHOT
    }


def _needs_snapshot(
    attempt: Attempt, sink: str, kind: str, table: str, sealed_since: set[int]
) -> bool:
    before = attempt.previous
    [key] = [each.key for each in attempt.batch.definition.gold if each.name == table]
    asked = any(
        reload.sink == sink and reload.table in (None, table) for reload in attempt.batch.reloads
    )
    # A batch that was skipped after its seal may have changed some tables already, and no sink
    # ever gets its change sets.
    return bool(
        asked
        or sealed_since
        or not before.delivers(sink, kind, table)
        or before.key_of(table) != key
    )
