"""How a property is read as an instant: by `format`, or by a layout or epoch in `x-parse`."""

from __future__ import annotations

import re
from typing import Any

from assay_jobs import quoting as q

DATE = r"(?!0000)\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])"
DATE_TIME = (
    "^" + DATE + r"[Tt]([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?"
    r"([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)\\z"
)
# Since 1970-01-01 in UTC; how many microseconds one is.
EPOCHS = {"epoch-seconds": 1_000_000, "epoch-milliseconds": 1_000}
# The years 1 to 9999 in microseconds: what a timestamp holds and a date can show.
FIRST_MICROSECOND, LAST_MICROSECOND = -62_135_596_800_000_000, 253_402_300_799_999_999
# In characters: to read a million digits as a decimal takes Spark most of a minute.
LONGEST_EPOCH = 100

LETTERS = "y M d H m s S"
# As many letters of a kind as Spark reads.
# https://spark.apache.org/docs/latest/sql-ref-datetime-pattern.html
FIELDS = re.compile(
    r"(?:y{1,6}(?!y)|M{1,4}(?!M)|d{1,2}(?!d)|H{1,2}(?!H)|m{1,2}(?!m)|s{1,2}(?!s)|S{1,9}(?!S)"
    r"|[\-/:., _])+"
)
EXAMPLE = 'such as "yyyy/MM/dd HH:mm"'


def find_layout_mistake(value: str, kind: str) -> tuple[str, str] | None:
    if value in EPOCHS:
        return None
    if kind != "string":
        instead = f"Write {' or '.join(EPOCHS)}, or the type string."
        return f"'{value}' is no way to read a number as an instant", instead
    plain = re.sub(r"'[^']*'", "", value)
    if "'" in plain:
        return "a quote ' of the layout is not closed", f"Write a layout {EXAMPLE}."
    if not FIELDS.fullmatch(plain):
        message = f"'{value}' is no layout that can be read"
        return message, f"Write the letters {LETTERS}, {EXAMPLE}, or {' or '.join(EPOCHS)}."
    if "m" in plain and "H" not in plain:
        return "mm is minutes, and the layout has no hours", "Write MM for the month, or add HH."
    return None


def instant(column: str, keywords: dict[str, Any], keyword: str | None = None) -> str | None:
    """The SQL of the value as a timestamp, null where it is none. `keyword`: read by this one."""
    layout = keywords.get("x-parse")
    if layout is not None and keyword != "format":
        if layout in EPOCHS:
            is_text = "string" in keywords.get("type", ())
            return _of_epoch(column, EPOCHS[layout], is_text=is_text)
        return f"try_to_timestamp({column}, {q.text(layout)})"
    match keywords.get("format"):
        case "date":
            shaped, read = f"^{DATE}\\\\z", f"try_to_timestamp({column}, 'yyyy-MM-dd')"
        case "date-time":
            shaped, read = DATE_TIME, f"try_cast(upper({column}) AS timestamp)"
        case _:
            return None
    return f"CASE WHEN {column} RLIKE '{shaped}' THEN {read} END"


def _of_epoch(column: str, microseconds: int, *, is_text: bool) -> str:
    """Of a number or a text of one, with a fraction or without, exact to the microsecond."""
    number = f"try_cast({column} AS decimal(30, 9))"
    if is_text:
        number = f"CASE WHEN char_length({column}) <= {LONGEST_EPOCH} THEN {number} END"
    whole = f"try_cast(round({number} * {microseconds}BD) AS bigint)"
    return (
        f"CASE WHEN {whole} BETWEEN {FIRST_MICROSECOND}L AND {LAST_MICROSECOND}L "
        f"THEN timestamp_micros({whole}) END"
    )
