"""What the value of each keyword of a property may be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from .patterns import PatternError, to_java

PATTERN_INSTEAD = (
    r"write it with classes such as [A-Z], \d, \w and \s, and groups (…), (?:…), (?=…) and (?!…)"
)
FORMATS = ("date", "date-time")
LAYOUT = re.compile(r"[yMdHmsS\-/:., _]+")

Found = tuple[str, str]


def find_keyword_mistake(keyword: str, value: Any) -> Found | None:
    """What is wrong, and what to write instead."""
    match keyword:
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return None if _is_number(value) else ("write a number.", "")
        case "minLength" | "maxLength":
            is_length = _is_number(value) and value >= 0 and value == int(value)
            return None if is_length else ("write a length.", "")
        case "enum":
            is_list = isinstance(value, list) and value
            return None if is_list else ("write a list of the values that are allowed.", "")
        case "title" | "description" | "$comment":
            return None if isinstance(value, str) else ("write a text.", "")
        case "format":
            if value in FORMATS:
                return None
            shown = f"format {value} is not checked" if isinstance(value, str) else "is no format"
            return shown, "write date or date-time."
        case "pattern":
            return _pattern_mistake(value)
        case "x-parse":
            return _layout_mistake(value)
    return None


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
                yield upper, f"no value lies between {lower} {low} and {upper} {high}."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _pattern_mistake(value: Any) -> Found | None:
    if not isinstance(value, str):
        return "write a regular expression.", ""
    try:
        to_java(value)
    except PatternError as error:
        return str(error), PATTERN_INSTEAD
    return None


def _layout_mistake(value: Any) -> Found | None:
    if not isinstance(value, str):
        return 'write a pattern of date and time, such as "yyyy/MM/dd HH:mm".', ""
    if not LAYOUT.fullmatch(re.sub(r"'[^']*'", "", value)):
        return 'x-parse takes the letters y M d H m s S, like "yyyy/MM/dd HH:mm"', ""
    return None
