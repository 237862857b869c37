"""A few combinations with real Spark, so chosen that each commit point is among their places. What
one attempt makes of the same batches is taken from the stand-in, and so is that held to Spark."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyspark.sql import SparkSession

from assay_jobs.commit_points import POINTS
from lakes import ALake
from spark_server import spark_server
from stand_in.delta import Store

from .all_of_them import AllOfThem
from .combinations import (
    NEXTS,
    Combination,
    Next,
    checked_outcome,
    go_alone,
    try_combination,
)
from .outcomes import differences, read_outcome
from .running import Place
from .scenarios import FIRST, GOING, KEPT, MISTAKE, SKIPPED, Scenario, define, go_to_end, plan
from .worlds import SESSIONS, SparkWorld, StandInWorld, World

# Of two pipelines, so that two begin with their first batch: where the first attempt waits.
PLANS: tuple[tuple[tuple[Scenario, str], ...], ...] = (
    (
        (FIRST, "silver tables"),
        (GOING, "gold cleaning"),
        (GOING, "silver log"),
        (GOING, "silver merge"),
        (GOING, "silver.json"),
        (GOING, "gold changes"),
        (GOING, "gold seal"),
        (GOING, "gold apply"),
        (GOING, "report.json"),
    ),
    ((FIRST, "gold trial"), (MISTAKE, "failure"), (SKIPPED, "silver cleaning")),
)
# The one of twelve that has two: where the second attempt waits while the first is at the key.
TOGETHER = {"report.json": "process.json"}


@dataclass(frozen=True)
class Case:
    scenario: Scenario
    first: Place
    second: Place | None
    next: Next

    def __str__(self) -> str:
        second = "at its end" if self.second is None else " ".join(self.second).strip()
        return f"{' '.join(self.first).strip()} | {second} | next {self.next}"


def with_spark(seed: int, memory: Path | None) -> Iterator[tuple[str, list[str]]]:
    """For each combination what it is, and what differs."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, spark_server(Path(folder)) as address:
        sessions = [SparkSession.builder.remote(address).create() for _ in range(SESSIONS)]
        covered: set[str] = set()
        for number, plans in enumerate(PLANS):
            root, name = Path(folder), f"pair{number}"
            real = SparkWorld(ALake(root / f"{name}real", name), sessions, root / "warehouse")
            alone = StandInWorld(ALake(root / f"{name}alone", name), Store())
            for world in (real, alone):
                define(world.lake)
            for scenario, point in plans:
                case = _choose(chance, scenario, point, memory)
                covered.update(each.point for each in (case.first, case.second) if each)
                yield str(case), _try(real, alone, case)
        for session in sessions:
            session.stop()
    missing = set(POINTS) - covered
    assert not missing, missing


def _choose(chance: random.Random, scenario: Scenario, point: str, memory: Path | None) -> Case:
    """Where the second attempt can be while the first is there, the stand-in tells."""
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        stood_in = AllOfThem(scenario, Path(folder))
        places = [
            (place, at)
            for at, place in enumerate(stood_in.alone, start=1)
            if place.point == point and place.moment != "commit"
        ]
        first, at = chance.choice(places)
        passed = [place for place in stood_in.seconds(at) if place.moment == "change"]
    wanted = TOGETHER.get(point)
    seconds = [*passed, None] if wanted is None else [p for p in passed if p.point == wanted]
    return Case(scenario, first, chance.choice(seconds), chance.choice(NEXTS))


def _try(real: World, alone: World, case: Case) -> list[str]:
    scenario = case.scenario
    if case.first.point == "gold cleaning" and (real.lake.number + 1) % KEPT:
        for world in (real, alone):
            go_to_end(world, plan(world))
    batch = scenario.begin(real)
    second = None if case.second is None else partial(_is_at, case.second)
    combination = Combination(partial(_is_at, case.first), second, case.next)
    result = try_combination(real, scenario, batch, combination)
    # Whatever the two have come to: the next combination begins behind the same batches.
    assert scenario.begin(alone) == batch
    go_alone(alone, scenario, batch, scenario.unblock is not None)
    if result.next != "none":
        go_to_end(alone, plan(alone))
    if result.problems:
        return result.problems
    wanted = checked_outcome(alone, batch, merges_parts=True)
    return differences(read_outcome(real, batch, merges_parts=True), wanted)


def _is_at(place: Place, passed: Sequence[Place]) -> bool:
    return passed[-1] == place
