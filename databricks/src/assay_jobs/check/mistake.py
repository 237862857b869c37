"""Something in an author's SQL that cannot be: where, what, and in a sentence what to write."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    file: str
    line: int
    message: str
    instead: str
