"""One combination: how far each attempt goes before the other goes on, and whether the next batch
comes meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from assay_jobs.errors import InputError

from .outcomes import Outcome, differences, gold_as_documents, read_outcome
from .running import Place, Running, Stops
from .scenarios import Scenario, go_to_end, plan
from .worlds import World

Next = Literal["none", "committed", "half"]
"""The next batch: not begun, at its end, or sealed and not applied."""
NEXTS: tuple[Next, ...] = ("none", "committed", "half")


@dataclass(frozen=True)
class Combination:
    first: Stops
    """Where the first attempt waits for the second."""
    second: Stops | None
    """Where the second one waits for the first; without it the second one ends."""
    next: Next


@dataclass
class Result:
    first: Running
    second: Running
    sealed: str
    """The definition of the batch's process.json."""
    next: Next
    """As it came: a batch that no attempt has ended has no next one."""
    problems: list[str] = field(default_factory=list)


def try_combination(
    world: World, scenario: Scenario, batch: int, combination: Combination
) -> Result:
    """Both attempts have ended after it, and the next batch as well."""
    lake, [number, other] = world.lake, scenario.attempts
    first = Running(world.work(batch, number, 0))
    first.go(combination.first)
    is_failed = first.has_ended
    if scenario.unblock is not None:
        scenario.unblock(lake, batch)
    second = Running(world.work(batch, other, 1))
    second.go(combination.second)
    late: Running | None = None

    def go_next() -> None:
        nonlocal late
        has_ended = (lake.root / lake.folder(batch) / "process.json").exists()
        if late is None and combination.next != "none" and has_ended:
            late = Running(world.work(plan(world), 1, 2))
            late.go(_is_sealed if combination.next == "half" else None)

    go_next()
    if not is_failed:
        first.go()
    go_next()
    if not second.has_ended:
        second.go()
    if late is not None and not late.has_ended:
        late.go()
    result = Result(first, second, "", "none" if late is None else combination.next)
    for name, running in (("first", first), ("second", second), ("next", late)):
        error = None if running is None else running.error
        may_fail = name == "first" and scenario.fails and isinstance(error, InputError)
        if error is not None and not may_fail:
            result.problems.append(f"{name}: {type(error).__name__}: {error}")
    if not result.problems:
        process = lake.read(f"{lake.folder(batch)}/process.json")
        result.sealed = process["definition"]
    return result


def _is_sealed(passed: Sequence[Place]) -> bool:
    return passed[-1][:2] == ("gold apply", "change")


def go_alone(world: World, scenario: Scenario, batch: int, unblocks: bool) -> None:
    """One attempt and no other, of the first definition or of the second."""
    if unblocks and scenario.unblock is not None:
        scenario.unblock(world.lake, batch)
    go_to_end(world, batch)
    if not unblocks and scenario.unblock is not None:
        scenario.unblock(world.lake, batch)


@dataclass
class Expectations:
    """What one attempt alone makes of a scenario, for each definition that may have been sealed."""

    known: dict[tuple[str, bool], Outcome] = field(default_factory=dict)

    def find(self, sealed: str, next_: Next) -> Outcome | None:
        return self.known.get((sealed, next_ != "none"))

    def add(self, world: World, scenario: Scenario, unblocks: bool) -> None:
        batch = scenario.prepare(world)
        go_alone(world, scenario, batch, unblocks)
        sealed = world.lake.read(f"{world.lake.folder(batch)}/process.json")["definition"]
        self.known[sealed, False] = checked_outcome(world, batch)
        go_to_end(world, plan(world))
        self.known[sealed, True] = checked_outcome(world, batch)


def checked_outcome(world: World, batch: int, merges_parts: bool = False) -> Outcome:
    """What is expected has to be right itself: documents are as gold, by value."""
    outcome = read_outcome(world, batch, merges_parts)
    tables = {"totals": "name", "points": "name", "sizes": "size"}
    for at, documents in outcome.items():
        if at.startswith("documents of "):
            table = at.rpartition(".")[2]
            assert documents == gold_as_documents(world, table, tables[table]), at
    return outcome


def judge(world: World, expected: Expectations, batch: int, result: Result) -> list[str]:
    """What differs from one attempt's, and what went wrong on the way."""
    if result.problems:
        return result.problems
    wanted = expected.find(result.sealed, result.next)
    if wanted is None:
        return [f"a definition was sealed that no attempt has: {result.sealed}"]
    try:
        return differences(read_outcome(world, batch), wanted)
    except (KeyError, AssertionError) as error:
        return [f"the change sets do not follow each other: {error!r}"]
