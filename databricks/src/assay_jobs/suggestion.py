"""What an author may have meant by a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def suggestion(written: str, words: Sequence[str]) -> str:
    """`Did you mean late_after?` where a word is close, else what there is to write."""
    near = nearest(written, words)
    if near is not None:
        return f"Did you mean {near}?"
    if not words:
        return "Remove it."
    return f"Write {words[0]}." if len(words) == 1 else f"Write one of {', '.join(words)}."


def nearest(written: str, words: Sequence[str]) -> str | None:
    """Whatever the case of its letters."""
    by_lower = {word.lower(): word for word in reversed(words)}
    found = difflib.get_close_matches(written.lower(), by_lower, 1, 0.6)
    return by_lower[found[0]] if found else None
