"""JSON Schema patterns (ECMAScript) as Java patterns: only what means the same in both."""

from __future__ import annotations

import re

# After a backslash: classes and escapes that both know alike, or any punctuation.
SHARED_ESCAPES = re.compile(r"\\(?:[dDwWtrn]|[^A-Za-z0-9\s]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})")


class PatternError(ValueError):
    pass


def to_java(pattern: str) -> str:
    """`$` is the very end here; Java's `$` also stands before a last line break."""
    java, at, in_class = [], 0, False
    while at < len(pattern):
        if pattern[at] == "\\":
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
        java.append(r"\z" if pattern[at] == "$" and not in_class else pattern[at])
        at += 1
    if in_class:
        raise PatternError("a class [ of the pattern is not closed")
    try:
        re.compile(pattern)
    except re.error as error:
        raise PatternError(f"the pattern is not valid: {error}") from error
    return "".join(java)
