"""Every combination of a scenario, over the stand-in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lakes import ALake
from stand_in.delta import Store

from .combinations import NEXTS, Combination, Expectations, Result, judge, try_combination
from .running import Place, Running
from .scenarios import Scenario
from .worlds import StandInWorld

PIPELINE = "pair"


@dataclass(frozen=True)
class Found:
    scenario: str
    first: Place
    second: Place | None
    next: str
    problems: list[str]

    def __str__(self) -> str:
        second = "at its end" if self.second is None else f"at {' '.join(self.second)}"
        return (
            f"{self.scenario}: first at {' '.join(self.first)}, second {second}, "
            f"next {self.next}: {'; '.join(self.problems)}"
        )


def stops_at(count: int, passed: Sequence[Place]) -> bool:
    """What happens up to there is the same each time."""
    return len(passed) == count


@dataclass
class Share:
    """One in so many, from the first on, so that several processes try all, or a test a few."""

    each: int = 1
    first: int = 0

    def has_next(self) -> bool:
        self.first -= 1
        if self.first >= 0:
            return False
        self.first = self.each - 1
        return True


class AllOfThem:
    """The state before is made once; each combination gets a copy."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.scenario = scenario
        self.folder = folder
        self.base = new_world(folder / "base")
        self.batch = scenario.prepare(self.base)
        self.expected = Expectations()
        for unblocks in {scenario.unblock is not None, scenario.fails}:
            world = new_world(folder / f"alone{unblocks}")
            self.expected.add(world, scenario, unblocks)
        self.alone = self._pass_alone()

    def results(self, firsts: Share, others: Share) -> Iterator[Found]:
        """`firsts`: of the places of the first attempt; `others`: of what comes with each."""
        for at, first in enumerate(self.alone, start=1):
            if not firsts.has_next():
                continue
            seconds = self.seconds(at)
            places = [(place, after) for after, place in enumerate(seconds, start=1)]
            # Before the second's look the first finds what it finds before the second's change; and
            # then the second one looks, finds the batch ended, and changes nothing.
            changes = [each for each in places if each[0].moment != "look"]
            for second, after in [*changes, (None, 0)]:
                for next_ in NEXTS:
                    if others.has_next():
                        stops = partial(stops_at, after) if after else None
                        result = self._try(Combination(partial(stops_at, at), stops, next_))
                        if result.next == next_:
                            yield Found(self.scenario.name, first, second, next_, result.problems)

    def seconds(self, at: int) -> list[Place]:
        """What the second attempt passes while the first one waits at its place of this number."""
        return self._try(Combination(partial(stops_at, at), None, "none")).second.passed

    def _pass_alone(self) -> list[Place]:
        with_copy = self.base.copy(self.folder / "copy")
        running = Running(with_copy.work(self.batch, self.scenario.attempts[0], 0))
        running.go()
        shutil.rmtree(self.folder / "copy")
        return running.passed

    def _try(self, combination: Combination) -> Result:
        world = self.base.copy(self.folder / "copy")
        try:
            result = try_combination(world, self.scenario, self.batch, combination)
            result.problems = judge(world, self.expected, self.batch, result)
            return result
        finally:
            shutil.rmtree(self.folder / "copy")


def new_world(root: Path) -> StandInWorld:
    return StandInWorld(ALake(root, PIPELINE), Store())
