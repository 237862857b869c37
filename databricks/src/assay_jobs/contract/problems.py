"""What is wrong with a row, as SQL: a first reason to count by, and all with their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay_jobs import quoting as q

# A longer value would make the log a second copy of the bodies, which it holds anyway.
MAX_SHOWN = 40
PROBLEMS_TYPE = "array<struct<path: string, problem: string, value: string>>"


@dataclass(frozen=True)
class Problem:
    broken: str
    """A SQL condition; null is as good as false."""
    reason: str
    """The SQL of a text `path: what is wrong`, which says nothing about the value."""
    value: str = "CAST(NULL AS string)"
    is_alone: bool = False
    """Where it holds, nothing else can be judged."""
    place: str | None = None
    """The property that it is about, whose name may have a colon, too. Without one, the reason says
    it up to its first colon."""


def first_of(problems: Sequence[Problem]) -> str:
    cases = " ".join(f"WHEN {each.broken} THEN {each.reason}" for each in problems)
    return f"CASE {cases} END" if cases else "CAST(NULL AS string)"


def all_of(problems: Sequence[Problem]) -> str:
    """In the order of `first_of`, and worked out only for rows that have a `_problem`."""
    alone = [each for each in problems if each.is_alone]
    listed = q.listed(
        f"CASE WHEN {each.broken} THEN {_struct(each)} END"
        for each in problems
        if not each.is_alone
    )
    cases = " ".join(f"WHEN {each.broken} THEN array({_struct(each)})" for each in alone)
    rest = f"filter(array({listed}), each -> each IS NOT NULL)" if listed else "NULL"
    return f"CAST(CASE WHEN _problem IS NULL THEN NULL {cases} ELSE {rest} END AS {PROBLEMS_TYPE})"


def from_reason(reason: str) -> str:
    """Of a row that has a reason alone."""
    return f"array({_struct(Problem('true', reason))})"


def _struct(problem: Problem) -> str:
    value = f"CASE WHEN char_length({problem.value}) <= {MAX_SHOWN} THEN {problem.value} END"
    if problem.place is None:
        place = f"substring_index({problem.reason}, ': ', 1)"
    else:
        place = q.text(problem.place)
    return (
        f"named_struct('path', {place}, "
        f"'problem', substring({problem.reason}, char_length({place}) + 3), 'value', {value})"
    )
