"""What batch the two attempts are of, and what lies behind it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lakes import ALake, files, gold
from running import CrashError

from .running import Place, Running
from .worlds import World

ROWS = {
    "type": "object",
    "required": ["name", "amount"],
    "properties": {"name": {"type": "string"}, "amount": {"type": "integer"}},
    "x-key": ["name"],
}
NOTES = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "points": {"type": "integer"}},
}
WIDER_NOTES = {**NOTES, "properties": {**NOTES["properties"], "by": {"type": "string"}}}  # type: ignore[dict-item]

TOTALS = "SELECT name, sum(amount) AS total FROM silver.rows GROUP BY name"
SIZES = """
SELECT CASE WHEN t.total > 3 THEN 'big' ELSE 'small' END AS size, count(*) AS names
FROM gold.totals AS t
GROUP BY ALL
"""
POINTS = "SELECT name, count(*) AS notes, sum(points) AS points FROM silver.notes GROUP BY name"
# Another column: the table is written anew.
WIDER_TOTALS = """
SELECT name, sum(amount) AS total, count(*) AS n FROM silver.rows GROUP BY name
"""
# A key that two rows have, whichever batch it is: each of DROPS has two names that are not b.
MISTAKEN_TOTALS = """
SELECT CASE WHEN name = 'b' THEN name ELSE 'a' END AS name, sum(amount) AS total
FROM silver.rows GROUP BY silver.rows.name
"""

# Each replaces the one before: a row changes, one goes, one comes, one stays, one is no number.
DROPS = (
    "a,1\nb,2\nc,3\nd,many\n",
    "a,5\nc,3\nd,4\n",
    "b,7\nc,3\nd,1\n",
    "a,1\nc,9\n",
)


def plan(world: World) -> int:
    """One more batch."""
    lake = world.lake
    at = lake.number
    rows = lake.file(f"name,amount\n{DROPS[at % len(DROPS)]}", "rows.csv", source="rows")
    notes = lake.file(f"name,points\na,{at}\nb,\n", f"notes{at}.csv", source="notes")
    return lake.batch(files=[rows, notes])


@dataclass(frozen=True)
class Scenario:
    name: str
    before: int = 0
    """So many batches were processed before."""
    begin: Callable[[World], int] = plan
    """Plans the batch that the two attempts are of, behind what comes right before it."""
    attempts: tuple[int, int] = (1, 2)
    """Equal for a run that was repaired: the same attempt, run by two."""
    unblock: Callable[[ALake, int], None] | None = None
    """What the app does once the first attempt stands: a second definition for the batch."""
    fails: bool = False
    """The first attempt meets a mistake of the author's, unless the batch ends before."""

    def prepare(self, world: World) -> int:
        define(world.lake)
        for _ in range(self.before):
            go_to_end(world, plan(world))
        return self.begin(world)


def define(lake: ALake, totals: str = TOTALS, notes: dict[str, Any] | None = None) -> None:
    lake.define(
        {"rows": files(ROWS), "notes": files(notes or NOTES, onRedrop="append")},
        {
            "totals": gold(totals, ["name"], "totals"),
            "points": gold(POINTS, ["name"], "points"),
            "sizes": gold(SIZES, ["size"], "sizes"),
        },
        {"cosmos": ["totals", "points", "sizes"], "second": ["sizes"]},
    )


def go_to_end(world: World, batch: int) -> None:
    running = Running(world.work(batch, 1, 0))
    running.go()
    if running.error is not None:
        raise running.error


def _skip(point: str, subject: str) -> Callable[[World], int]:
    """A batch was skipped after an attempt at it had died before this change."""

    def die(at: Place) -> None:
        if at == (point, "change", subject):
            raise CrashError(at)

    def begin(world: World) -> int:
        skipped = plan(world)
        with suppress(CrashError):
            world.work(skipped, 1, 0)(die)
        world.lake.skip(skipped)
        return plan(world)

    return begin


def _reshape(world: World) -> int:
    define(world.lake, WIDER_TOTALS, WIDER_NOTES)
    return plan(world)


def _mistake(world: World) -> int:
    define(world.lake, MISTAKEN_TOTALS)
    return plan(world)


def _define_anew(totals: str) -> Callable[[ALake, int], None]:
    def unblock(lake: ALake, batch: int) -> None:
        define(lake, totals)
        lake.repair(batch, lake.definition)

    return unblock


GOING = Scenario("going", before=3)
FIRST = Scenario("first")
SKIPPED = Scenario("after a skip", before=1, begin=_skip("silver.json", ""))
MISTAKE = Scenario("mistake", 1, _mistake, unblock=_define_anew(TOTALS), fails=True)
SCENARIOS = (
    GOING,
    FIRST,
    SKIPPED,
    Scenario("after a skip of a sealed batch", 1, _skip("gold apply", "points")),
    Scenario("reshaped", 1, _reshape),
    Scenario("unblocked", 1, unblock=_define_anew(WIDER_TOTALS)),
    MISTAKE,
    Scenario("repaired run", 1, attempts=(1, 1)),
)
# So many seals are kept, and forgotten with each batch of such a number: few, so that forgetting
# them is among the changes of `GOING`.
KEPT = 2
