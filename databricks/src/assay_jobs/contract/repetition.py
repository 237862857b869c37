"""How long a text may be for a pattern: Java matches a repeated group by recursion, and a task that
runs out of stack takes the whole process with it.

`(a|b)+` costs some frames for each of its turns, `[ab]+` none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .patterns import PatternError

# Half of a thread's stack of 1 MB, at 150 bytes a frame of interpreted code. Measured with Java 17;
# compiled code needs half.
FRAMES = 3500
# Repetitions up to this many frames are counted as taken in full, whatever the text's length.
FEW_FRAMES = 500
SHORTEST = 50
TOKENS = re.compile(
    r"\\.|\[(?:\\.|[^\]\\])*\]|(?P<open>\((?:\?[:=!])?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<times>[*+?]|\{(?P<least>\d+)(?P<comma>,)?(?P<most>\d*)\})|.",
    re.DOTALL,
)


@dataclass
class _Frames:
    """Of what follows each other: so many in any case, and so many for each character."""

    fixed: int = 0
    per_character: int = 0


@dataclass
class _Group:
    alternatives: list[_Frames] = field(default_factory=lambda: [_Frames()])

    @property
    def now(self) -> _Frames:
        return self.alternatives[-1]

    def turn(self) -> _Frames:
        branch = 2 if len(self.alternatives) > 1 else 0
        return _Frames(
            2 + branch + max(each.fixed for each in self.alternatives),
            max(each.per_character for each in self.alternatives),
        )


def longest_text(pattern: str) -> int | None:
    """In characters, of what `to_java` takes. None where its length does not matter."""
    groups = [_Group()]
    tokens = [*TOKENS.finditer(pattern)]
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token["open"]:
            groups.append(_Group())
        elif token["close"]:
            turn, times = groups.pop().turn(), _times(after)
            own = groups[-1].now
            own.per_character += turn.per_character
            if times is None or times * turn.fixed > FEW_FRAMES:
                own.per_character += turn.fixed
                times = 1
            own.fixed += times * turn.fixed
        elif token["or"]:
            groups[-1].alternatives.append(_Frames())
        else:
            # A quantifier costs as much as what it repeats.
            groups[-1].now.fixed += 1
    whole = groups[0].turn()
    left = FRAMES - whole.fixed
    longest = left // whole.per_character if whole.per_character else None
    if left < 0 or (longest is not None and longest < SHORTEST):
        raise PatternError(
            "the pattern repeats groups that are too long to be matched",
            "Repeat a class, such as [ab]+, or say how often at most, such as (…){1,20}.",
        )
    return longest


def _times(token: re.Match[str] | None) -> int | None:
    """How often a group stands at most; None where there is no limit."""
    if token is None or not token["times"] or token["times"] == "?":
        return 1
    if token["least"] is None or (token["comma"] and not token["most"]):
        return None
    return int(token["most"] or token["least"])
