"""What became of each row: quarantined, duplicate, late or accepted. Exactly one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812

from assay_jobs import quoting as q

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

VERDICTS = ("accepted", "duplicate", "quarantined", "late")
GOOD = "_verdict IN ('accepted', 'late')"
REPEATED_KEY = "x-key"
# Of a file's row that is in silver, or would be if no other file had its key.
HOLDS_A_KEY = f"({GOOD} OR _verdict = 'duplicate' AND _reason = '{REPEATED_KEY}')"
# The mark that a file without rows leaves in the log, where it replaces another one.
NO_ROWS = "empty"
REPEATED_POSITION = "_nth_at_position > 1"


def interval(seconds: int) -> str:
    return f"make_dt_interval(0, 0, 0, {seconds})"


def with_positions_counted(rows: DataFrame, position: tuple[str, ...]) -> DataFrame:
    """Overlapping slices may bring a position twice: the first, by the file's name, stays."""
    return rows.selectExpr(
        "*",
        f"row_number() OVER (PARTITION BY {q.listed(position)} ORDER BY _file) AS _nth_at_position",
    )


@dataclass(frozen=True)
class Keys:
    """How rows with the same key are told from each other."""

    key: tuple[str, ...]
    last_wins: bool
    replaced_names: tuple[str, ...] | None
    """The names of which this batch brings a file that stands instead of an older one; None where
    no file does."""
    superseded_files: tuple[str, ...]
    """Of the batch's files those that a later one of their name replaces in the same batch."""
    item: tuple[str, ...] = ()
    """The column that tells rows of one position from each other."""

    @property
    def ranked(self) -> str:
        """By this order the first one stands."""
        down = " DESC" if self.last_wins else ""
        order = [f"{each}{down}" for each in (*ORDER, *self.item)]
        if self.replaced_names is not None and not self.last_wins:
            # Whoever has the key keeps it as long as his file brings it.
            order.insert(0, "CASE WHEN _owner = _partition THEN 0 ELSE 1 END")
        return q.listed(order)

    @property
    def repeated(self) -> str:
        if self.last_wins:
            return "_nth_of_key > 1"
        taken = "_owner IS NOT NULL"
        if self.replaced_names is not None:
            # An owner whose file comes anew in this batch is one of the rows that are ranked, if
            # he has the key still.
            names = q.listed(map(q.text, self.replaced_names))
            taken = f"(_owner <> _partition AND _owner NOT IN ({names}))"
        return f"(_nth_of_key > 1 OR {taken})"


ORDER = ("_order", "_generation", "_partition", "_sequence")


def with_keys_counted(rows: DataFrame, keys: Keys, silver: DataFrame) -> DataFrame:
    """How often the row's key came before in the batch, and which stream it has in silver."""
    key = keys.key
    columns = [q.name(each) for each in key]
    # Rows that do not count must not make a good row look like a repetition. Most of them have no
    # key: by their places they are spread over all tasks, where one would have them all. A file
    # that a later one of its name replaces repeats nothing but itself.
    counts = f"_problem IS NULL AND NOT {REPEATED_POSITION}"
    among = ["_spread", counts, *columns]
    if keys.superseded_files:
        names = q.listed(map(q.text, keys.superseded_files))
        among.append(f"CASE WHEN _file IN ({names}) THEN _file END")
    spread = f"CASE WHEN {counts} THEN {_hash(columns)} ELSE {_hash(['_file', '_sequence'])} END"
    rows = rows.selectExpr("*", f"{spread} AS _spread")
    # Where the last one wins, what silver has stands against nothing.
    known = rows if keys.last_wins else _with_owners(rows, key, silver)
    return known.selectExpr(
        "*",
        f"row_number() OVER (PARTITION BY {q.listed(among)} ORDER BY {keys.ranked}) AS _nth_of_key",
    )


def _with_owners(rows: DataFrame, key: tuple[str, ...], silver: DataFrame) -> DataFrame:
    theirs = [f"_owner_key_{index}" for index in range(len(key))]
    owners = silver.groupBy(*key).agg({"_partition": "min"}).toDF(*theirs, "_owner")
    owners = owners.selectExpr("*", f"{_hash(theirs)} AS _owner_spread")
    pairs = zip(map(q.name, key), theirs, strict=True)
    same = " AND ".join(["_spread = _owner_spread", *(f"{own} = {other}" for own, other in pairs)])
    return rows.join(owners, F.expr(same), "left")


def _hash(columns: Sequence[str]) -> str:
    return f"xxhash64({q.listed(columns)})"


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
        yield repeated_key, "duplicate", q.text(REPEATED_KEY)
    if late_before:
        yield f"_event_at < {late_before}", "late", "NULL"
