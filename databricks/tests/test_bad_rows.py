"""Rows that do not count: they have no key, so no task may get all of them."""

from __future__ import annotations

from typing import cast

from pyspark.sql import DataFrame

from assay_jobs.silver.verdicts import Keys, with_keys_counted
from stand_in.delta import Store
from stand_in.session import Session

ROWS = "_file string, _sequence bigint, _partition string, _generation string, _order int, " \
       "_problem string, _nth_at_position int, code string"  # fmt: skip


def test_each_bad_row_is_a_window_of_its_own() -> None:
    session = Session(Store())
    bad = [("f", at, "a", "files", 0, "code: required", 1, None) for at in range(1, 9)]
    twice = [("g", 1, "a", "files", 0, None, 2, "A"), ("g", 2, "a", "files", 0, None, 2, "A")]
    good = [("h", at, "a", "files", 0, None, 1, "A") for at in range(1, 4)]
    rows = cast(DataFrame, session.createDataFrame([*bad, *twice, *good], ROWS))
    silver = cast(
        DataFrame, session.createDataFrame([("A", "z")], "code string, _partition string")
    )
    counted = with_keys_counted(rows, Keys(("code",), False, None, ()), silver).collect()
    # The first of its window each: in a window with others it would be the second or third.
    numbers = {(row["_file"], row["_sequence"]): row["_nth_of_key"] for row in counted}
    assert [numbers["f", at] for at in range(1, 9)] == [1] * 8
    assert [numbers["g", at] for at in (1, 2)] == [1, 1]
    assert [numbers["h", at] for at in (1, 2, 3)] == [1, 2, 3]
    owners = {row["_file"]: row["_owner"] for row in counted}
    assert owners == {"f": None, "g": None, "h": "z"}
