"""What became of each row: quarantined, duplicate, late or accepted. Exactly one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812

from assay_jobs import quoting as q

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

VERDICTS = ("accepted", "duplicate", "quarantined", "late")
GOOD = "_verdict IN ('accepted', 'late')"
REPEATED_POSITION = "_nth_at_position > 1"


def with_positions_counted(rows: DataFrame) -> DataFrame:
    """Overlapping slices may bring a position twice: the first, by the file's name, stays."""
    return rows.selectExpr(
        "*",
        "row_number() OVER (PARTITION BY _generation, _partition, _sequence ORDER BY _file) "
        "AS _nth_at_position",
    )


def with_keys_counted(
    rows: DataFrame, key: tuple[str, ...], silver: DataFrame, replaced_files: list[str]
) -> DataFrame:
    """How often the row's key came before in the batch, and which stream it has in silver."""
    columns = [q.name(each) for each in key]
    # Rows that do not count must not make a good row look like a repetition. A file that a later
    # one of its name replaces repeats nothing but itself.
    among = [f"_problem IS NULL AND NOT {REPEATED_POSITION}", *columns]
    if replaced_files:
        among.append(f"CASE WHEN _file IN ({q.listed(map(q.text, replaced_files))}) THEN _file END")
    owners = silver.groupBy(*key).agg({"_partition": "min"}).toDF(
        *(f"_owner_key_{index}" for index in range(len(key))), "_owner"
    )  # fmt: skip
    same = " AND ".join(f"{column} = _owner_key_{index}" for index, column in enumerate(columns))
    return rows.selectExpr(
        "*",
        f"row_number() OVER (PARTITION BY {q.listed(among)} "
        "ORDER BY _order, _generation, _partition, _sequence) AS _nth_of_key",
    ).join(owners, F.expr(same), "left")


def with_verdicts(rows: DataFrame, repeated_key: str | None, late_before: str | None) -> DataFrame:
    """`late_before`: a good row older than this instant is late. It enters silver all the same."""
    verdicts = list(_verdicts(repeated_key, late_before))
    cases = " ".join(f"WHEN {test} THEN {q.text(verdict)}" for test, verdict, _ in verdicts)
    reasons = " ".join(f"WHEN {test} THEN {reason}" for test, _, reason in verdicts)
    return rows.selectExpr(
        "*", f"CASE {cases} ELSE 'accepted' END AS _verdict", f"CASE {reasons} END AS _reason"
    )


def _verdicts(repeated_key: str | None, late_before: str | None) -> Iterator[tuple[str, str, str]]:
    yield REPEATED_POSITION, "duplicate", "'position'"
    yield "_problem IS NOT NULL", "quarantined", "_problem"
    if repeated_key:
        yield repeated_key, "duplicate", "'x-key'"
    if late_before:
        yield f"_event_at < {late_before}", "late", "NULL"
