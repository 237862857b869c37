"""The SQL that reads an instant, letter by letter. What Spark makes of it: test_bodies."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.contract.instants import DATE, DATE_TIME, find_layout_mistake, instant

BETWEEN = "BETWEEN -62135596800000000L AND 253402300799999999L"


NUMBER = "try_cast(c AS decimal(30, 9))"
NO_LONG_TEXT = f"CASE WHEN char_length(c) <= 100 THEN {NUMBER} END"


def epoch(microseconds: int, number: str = NUMBER) -> str:
    whole = f"try_cast(round({number} * {microseconds}BD) AS bigint)"
    return f"CASE WHEN {whole} {BETWEEN} THEN timestamp_micros({whole}) END"


READ_DATE = f"CASE WHEN c RLIKE '^{DATE}\\\\z' THEN try_to_timestamp(c, 'yyyy-MM-dd') END"
READ_TIME = f"CASE WHEN c RLIKE '{DATE_TIME}' THEN try_cast(upper(c) AS timestamp) END"


@pytest.mark.parametrize(
    ("keywords", "keyword", "sql"),
    [
        ({}, None, None),
        ({"format": "email"}, None, None),
        ({"format": "date"}, None, READ_DATE),
        ({"format": "date-time"}, None, READ_TIME),
        ({"x-parse": "yyyy"}, None, "try_to_timestamp(c, 'yyyy')"),
        ({"x-parse": "epoch-seconds"}, None, epoch(1_000_000)),
        ({"x-parse": "epoch-milliseconds"}, None, epoch(1_000)),
        ({"x-parse": "epoch-seconds", "type": "string"}, None, epoch(1_000_000, NO_LONG_TEXT)),
        (
            {"x-parse": "epoch-seconds", "type": ["null", "string"]},
            None,
            epoch(1_000_000, NO_LONG_TEXT),
        ),
        ({"x-parse": "epoch-seconds", "type": ["integer", "null"]}, None, epoch(1_000_000)),
        ({"format": "date", "x-parse": "yyyy"}, None, "try_to_timestamp(c, 'yyyy')"),
        ({"format": "date", "x-parse": "yyyy"}, "x-parse", "try_to_timestamp(c, 'yyyy')"),
        ({"format": "date", "x-parse": "yyyy"}, "format", READ_DATE),
    ],
)
def test_an_instant_is_read_as_the_contract_says(
    keywords: dict[str, Any], keyword: str | None, sql: str | None
) -> None:
    assert instant("c", keywords, keyword) == sql


@pytest.mark.parametrize(
    "layout", ["yyyy-MM-dd'T'HH:mm:ss.SSS", "d M y", "HH:mm", "epoch-seconds", "'m'yyyy", "HHmm"]
)
def test_a_layout_that_spark_reads_is_no_mistake(layout: str) -> None:
    assert find_layout_mistake(layout, "string") is None


def test_a_number_is_read_as_an_epoch_only() -> None:
    assert find_layout_mistake("epoch-milliseconds", "integer") is None
    assert find_layout_mistake("yyyy", "integer") == (
        "'yyyy' is no way to read a number as an instant",
        "Write epoch-seconds or epoch-milliseconds, or the type string.",
    )


@pytest.mark.parametrize("layout", ["", "yyyyyyy", "MMMMM", "ddd", "HHH", "mmm", "sss", "S" * 10])
def test_more_letters_than_spark_reads_are_a_mistake(layout: str) -> None:
    assert find_layout_mistake(layout, "string") is not None
