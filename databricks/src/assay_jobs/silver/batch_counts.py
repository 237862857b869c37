"""What became of a batch's rows: each in one verdict, each position of the manifest there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay_jobs import quoting as q
from assay_jobs.errors import UnbalancedBooksError

from .events import expected_positions
from .files import GENERATION
from .verdicts import GOOD, NO_ROWS, VERDICTS, interval

if TYPE_CHECKING:
    from assay_jobs.warehouse import Warehouse

    from .source import SilverSource


EMPTY = {"from": 1, "to": 0, "rows": 0, "distinct": 0}
# So many reasons of a verdict are told apart in an account.
MOST = 10


class Counts:
    """One query over the logs of all sources with input."""

    def __init__(self, warehouse: Warehouse, sources: list[SilverSource]) -> None:
        queries = [counts_query(source) for source in sources]
        found = warehouse.rows(" UNION ALL ".join(queries)) if queries else []
        self.rows = [row for row in found if row["verdict"] is None]
        self.reasons = [row for row in found if row["verdict"] is not None]
        self.unreadable = frozenset(file for row in self.rows for file in row["unreadable"])
        self.with_rows = frozenset(file for row in self.rows for file in row["files"])

    def definition_of(self, source: SilverSource) -> str:
        """The digest of the definition that the rows were judged by. A repaired one may have come
        since, and its rules are not those of the rows."""
        known = [row["definition"] for row in self.rows if row["source"] == source.name]
        return next((each for each in known if each), source.digest)

    def of(self, source: SilverSource) -> dict[str, Any]:
        return batch_counts(
            source,
            [row.asDict() for row in self.rows],
            {
                verdict: {
                    row["reason"]: row["received"]
                    for row in self.reasons
                    if (row["source"], row["verdict"]) == (source.name, verdict)
                }
                for verdict in ("duplicate", "quarantined")
            },
        )


def count_as_judged(
    warehouse: Warehouse, sources: list[SilverSource]
) -> tuple[list[SilverSource], Counts]:
    """The sources as their logs were written, which is how they are counted and merged. It costs a
    query, and a second one where a definition was repaired behind a log."""
    counts = Counts(warehouse, sources)
    judged = [source.of_definition(counts.definition_of(source)) for source in sources]
    return judged, counts if judged == sources else Counts(warehouse, judged)


def counts_query(source: SilverSource) -> str:
    # What lies ahead of its batch by more than this says nothing about the time.
    ahead = interval(source.definition.future_after_seconds)
    clock = f"timestamp {q.text(source.batch.created_at)} + {ahead}"
    has_clock = source.definition.event_time is not None
    is_future = f"{GOOD} AND _event_at > {clock}" if has_clock else "false"
    newest = f"max(CASE WHEN {GOOD} AND NOT ({is_future}) THEN _event_at END)"
    counts = q.listed(f"count_if(_verdict = {q.text(each)}) AS {each}" for each in VERDICTS)
    files = unreadable = "CAST(array() AS array<string>)"
    if source.replaces:
        readable = "collect_set(CASE WHEN _verdict <> 'quarantined' THEN _file END)"
        files = "collect_set(_file)"
        unreadable = f"array_except({files}, {readable})"
    # An event that came twice was delivered twice.
    delivered = "struct(_file, _sequence)" if source.item else "_sequence"
    # Several files of one name number their rows each from one.
    is_stream = source.definition.input == "stream"
    place = q.listed(("_sequence", *source.item) if is_stream else ("_file", "_sequence"))
    of_batch = f"FROM {source.log} WHERE _batch = {source.batch.number}"
    return (
        f"SELECT {q.text(source.name)} AS source, _generation, _partition, "
        "CAST(NULL AS string) AS verdict, CAST(NULL AS string) AS reason, "
        f"count(*) AS received, {counts}, count(DISTINCT _sequence) AS positions, "
        "count_if(NOT _reason <=> 'position') AS once, "
        f"count(DISTINCT {place}) AS places, "
        f"count(DISTINCT {delivered}) AS events, count_if({is_future}) AS future, "
        "min(_sequence) AS first, max(_sequence) AS last, "
        f"date_format({newest}, \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\") AS newest, "
        f"{unreadable} AS unreadable, {files} AS files, max(_definition) AS definition "
        f"{of_batch} AND _verdict <> {q.text(NO_ROWS)} GROUP BY _generation, _partition "
        f"UNION ALL SELECT {q.text(source.name)}, NULL, NULL, _verdict, _reason, count(*), "
        f"{q.listed('0L' for _ in VERDICTS)}, 0L, 0L, 0L, 0L, 0L, NULL, NULL, NULL, NULL, NULL, "
        f"NULL {of_batch} AND _verdict IN ('duplicate', 'quarantined') GROUP BY _verdict, _reason"
    )


def batch_counts(
    source: SilverSource, rows: list[dict[str, Any]], reasons: dict[str, dict[str, int]]
) -> dict[str, Any]:
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
    future = sum(row["future"] for row in own)
    return {
        # Each event once over all batches: what was accounted for already is not received again.
        "received": rows_in + expired + missing - recovered,
        # A row may be one of several that an event holds.
        **({"events": sum(row["events"] for row in own)} if source.item else {}),
        **counts,
        **({"future": future} if future else {}),
        **{f"{verdict}By": _most(found) for verdict, found in reasons.items() if found},
        "expired": expired,
        "missing": missing,
        **({"recovered": recovered} if recovered else {}),
        # Of this batch and all before it: what the next batch calls late is measured against it.
        "newestEventAt": max((instant for instant in newest if instant), default=None),
        "partitions": dict(sorted(partitions.items())),
    }


def _most(reasons: dict[str, int]) -> dict[str, int]:
    """The most frequent ones, and what the others come to."""
    ordered = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    others = sum(rows for _, rows in ordered[MOST:])
    return dict(ordered[:MOST]) | ({"other": others} if others else {})


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
