"""Python values as SQL text. Everything that reaches a statement from outside goes through here."""

from __future__ import annotations

import math
from collections.abc import Iterable

BIGINT_MIN, BIGINT_MAX = -(2**63), 2**63 - 1


# The start of what Spark replaces in any text of a statement, by its own settings, variables of
# the environment or properties of the system. No name may have it: backticks do not protect it.
SUBSTITUTION = "${"


def name(*parts: str) -> str:
    if any(SUBSTITUTION in part for part in parts):
        raise ValueError(f"a name with {SUBSTITUTION} would be replaced by Spark")
    return ".".join("`" + part.replace("`", "``") + "`" for part in parts)


def text(value: str) -> str:
    """A literal. Spark would replace `${env:HOME}` in it as in any text of a statement."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    escaped = escaped.replace("\r", "\\r").replace("\x00", "\\0").replace("${", "\\u0024{")
    return f"'{escaped}'"


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
