"""What the value of each keyword of a property may be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from .instants import find_layout_mistake
from .patterns import PatternError, to_java
from .repetition import longest_text

PATTERN_INSTEAD = (
    r"Write it with classes such as [A-Z], \d, \w and \s, and groups (…), (?:…), (?=…) and (?!…)."
)
FORMATS = ("date", "date-time")
MAX_SHOWN = 40
# The keywords of all kinds that say nothing about a value.
NOTES = ("title", "description", "$comment", "default", "examples", "deprecated", "readOnly",
         "writeOnly")  # fmt: skip
COLUMN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")

Found = tuple[str, str]
"""What is wrong, and in a sentence what to write."""


def find_keyword_mistake(keyword: str, value: Any, kind: str, types: Any) -> Found | None:
    """`kind`: the type of the property beside null."""
    instead = _wanted(keyword, value)
    if instead is not None:
        return f"{shown(value)} cannot stand here", instead
    match keyword:
        case "enum" | "const":
            return _misfit(value if keyword == "enum" else [value], kind, types)
        case "format" if value not in FORMATS:
            return f"format {value} is not checked", "Write date or date-time."
        case "pattern":
            return _pattern_mistake(value)
        case "x-column" if not COLUMN_NAME.match(value):
            return f"{value} is no name of a column", COLUMN_INSTEAD
        case "x-parse":
            return find_layout_mistake(value, kind)
    return None


COLUMN_INSTEAD = "Write letters, digits and underscores, a letter first, such as device_id."


def find_note_mistake(keyword: str, value: Any) -> Found | None:
    instead = _wanted(keyword, value)
    return None if instead is None else (f"{shown(value)} cannot stand here", instead)


def find_range_mistakes(keywords: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Limits between which no value lies, told at the upper one."""
    for upper, lower, equal_is_wrong in (
        ("maximum", "minimum", False),
        ("maximum", "exclusiveMinimum", True),
        ("exclusiveMaximum", "minimum", True),
        ("exclusiveMaximum", "exclusiveMinimum", True),
        ("maxLength", "minLength", False),
    ):
        if upper in keywords and lower in keywords:
            high, low = keywords[upper], keywords[lower]
            if high < low or (equal_is_wrong and high == low):
                yield upper, f"no value lies between {lower} {low} and {upper} {high}"


def shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    text = str(value)
    short = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
    return f"'{short}'" if isinstance(value, str) else short


def _wanted(keyword: str, value: Any) -> str | None:
    """What to write where the value is not of the keyword's form."""
    match keyword:
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return None if _is_number(value) else "Write a number."
        case "minLength" | "maxLength":
            is_length = _is_number(value) and value >= 0 and value == int(value)
            return None if is_length else "Write a length: a whole number, 0 at least."
        case "enum" | "examples":
            return None if isinstance(value, list) and value else "Write a list of values."
        case "title" | "description" | "$comment" | "$schema" | "$id":
            return None if isinstance(value, str) else "Write a text."
        case "deprecated" | "readOnly" | "writeOnly":
            return None if isinstance(value, bool) else "Write true or false."
        case "format":
            return None if isinstance(value, str) else "Write date or date-time."
        case "pattern":
            return None if isinstance(value, str) else "Write a regular expression."
        case "x-column":
            return None if isinstance(value, str) else COLUMN_INSTEAD
        case "x-parse":
            form = 'Write a layout of date and time, such as "yyyy/MM/dd HH:mm".'
            return None if isinstance(value, str) else form
    return None


def _misfit(values: list[Any], kind: str, types: Any) -> Found | None:
    """A value that the property's type never has."""
    nullable = isinstance(types, list) and "null" in types
    for value in values:
        if value is None and not nullable:
            instead = f'Write "type": ["{kind}", "null"], or leave null out.'
            return f"null is no {kind}, which the type asks for", instead
        if value is not None and not _fits(value, kind):
            instead = f"Write values of the type {kind}, or change the type."
            return f"{shown(value)} is no {kind}, which the type asks for", instead
    return None


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return _is_number(value) and value == int(value)
    return _is_number(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _pattern_mistake(value: str) -> Found | None:
    try:
        to_java(value)
        longest_text(value)
    except PatternError as error:
        return str(error), error.instead or PATTERN_INSTEAD
    return None
