"""JSON Schema patterns (ECMAScript) as Java patterns with the same meaning, or refused."""

from __future__ import annotations

import re

# What ECMAScript's `\s` and `.` stand for; Java's are smaller.
SPACES = r"\t\n\x0B\f\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF"
DOT = r"[^\n\r\u2028\u2029]"
# Java's `$` also stands before a last line break.
OUTSIDE_A_CLASS = {"$": r"\z", ".": DOT}
# After a backslash: classes and escapes that both know alike, or any punctuation.
SHARED_ESCAPES = re.compile(r"\\(?:[dDwWtrn]|[^A-Za-z0-9\s]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")


class PatternError(ValueError):
    """`instead`: what to write, where it is not what is said of any pattern."""

    def __init__(self, message: str, instead: str | None = None) -> None:
        super().__init__(message)
        self.instead = instead


def to_java(pattern: str) -> str:
    java, at, in_class = [], 0, False
    while at < len(pattern):
        if pattern[at] == "\\":
            if pattern.startswith((r"\s", r"\S"), at) and not (in_class and pattern[at + 1] == "S"):
                inside = SPACES if pattern[at + 1] == "s" else "^" + SPACES
                java.append(SPACES if in_class else f"[{inside}]")
                at += 2
                continue
            escape = SHARED_ESCAPES.match(pattern, at)
            if escape is None:
                raise PatternError(f"{pattern[at : at + 2]} is not supported in a pattern")
            java.append(escape.group())
            at = escape.end()
            continue
        if in_class:
            if pattern[at] == "[" or pattern.startswith("&&", at):
                raise PatternError(f"write \\{pattern[at]} inside a class of a pattern")
            in_class = pattern[at] != "]"
        elif pattern.startswith("(?", at) and not pattern.startswith(("(?:", "(?=", "(?!"), at):
            raise PatternError(f"{pattern[at : at + 3]} is not supported in a pattern")
        elif re.match(r"[*+?}]\+", pattern[at:]):
            raise PatternError("possessive quantifiers are not JSON Schema")
        elif pattern[at] == "[":
            if pattern.startswith(("[]", "[^]"), at):
                raise PatternError("an empty class is not supported in a pattern")
            in_class = True
        java.append(pattern[at] if in_class else OUTSIDE_A_CLASS.get(pattern[at], pattern[at]))
        at += 1
    if in_class:
        raise PatternError("a class [ of the pattern is not closed")
    try:
        re.compile(pattern)
    except re.error as error:
        raise PatternError(f"the pattern is not valid: {error}") from error
    return "".join(java)
