"""Python values as SQL text. Everything that reaches a statement from outside goes through here."""

from __future__ import annotations

import math
from collections.abc import Iterable

BIGINT_MIN, BIGINT_MAX = -(2**63), 2**63 - 1


def name(*parts: str) -> str:
    return ".".join("`" + part.replace("`", "``") + "`" for part in parts)


def text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return "'" + escaped.replace("\r", "\\r").replace("\x00", "\\0") + "'"


def number(value: int | float) -> str:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number in a contract must be finite")
        return f"CAST('{value!r}' AS DOUBLE)"
    if BIGINT_MIN < value <= BIGINT_MAX:
        return f"{value}L" if value >= 0 else f"(-{-value}L)"
    # Wider than bigint, up to the 38 digits of a decimal; beyond that only a double holds it.
    return f"{value}BD" if len(str(abs(value))) <= 38 else f"CAST('{value}' AS DOUBLE)"


def literal(value: str | int | float | bool | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    return text(value) if isinstance(value, str) else number(value)


def listed(items: Iterable[str]) -> str:
    return ", ".join(items)
