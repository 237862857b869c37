"""Files of several names that hold the same keys: random drops against a model of a few lines.

Over the stand-in, where a batch costs milliseconds; a few of the same cases with real Spark.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from lakes import ALake, files
from running import Runs
from stand_in.delta import Store
from two_attempts.scenarios import go_to_end
from two_attempts.worlds import StandInWorld

CONTRACT = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "size": {"type": "integer"}},
    "x-key": ["code"],
}
Redrop = Literal["replace", "append"]
Wins = Literal["first", "last"]
Row = tuple[str, int]
"""A key and a value."""
CASES = 20


@dataclass(frozen=True)
class Drop:
    name: str
    rows: tuple[Row, ...]
    """None of them: only a header."""
    is_readable: bool = True

    @property
    def text(self) -> str:
        size = "many" if not self.is_readable else None
        return "code,size\n" + "".join(f"{code},{size or value}\n" for code, value in self.rows)


@dataclass
class Model:
    """What silver holds: of the rows of the files that stand, one for each key."""

    redrop: Redrop
    wins: Wins
    standing: dict[str, list[tuple[int, int, Row]]] = field(default_factory=dict)
    """By file name or by drop, its rows with the drop's number and their own."""
    owners: dict[str, str] = field(default_factory=dict)
    drops: int = 0

    def take(self, batch: list[Drop]) -> None:
        came: set[str] = set()
        for drop in batch:
            self.drops += 1
            name = drop.name if self.redrop == "replace" else str(self.drops)
            if drop.is_readable:
                came.add(name)
                rows = [(self.drops, at, row) for at, row in enumerate(drop.rows)]
                self.standing[name] = rows
        keys = {row[0] for rows in self.standing.values() for *_, row in rows}
        owners = {key: self._owner(key, came) for key in keys}
        self.owners = owners

    def _owner(self, key: str, came: set[str]) -> str:
        held = {
            name: [each for each in rows if each[2][0] == key]
            for name, rows in self.standing.items()
        }
        holders = [name for name, rows in held.items() if rows]
        if self.wins == "last":
            return max(holders, key=lambda name: held[name][0])
        if self.owners.get(key) in holders:
            return self.owners[key]
        # What comes now goes before what was set aside.
        fresh = [name for name in holders if name in came]
        return min(fresh or holders, key=lambda name: held[name][0])

    def silver(self) -> list[tuple[str, int]]:
        at = 0 if self.wins == "first" else -1
        return sorted(
            [row for *_, row in self.standing[owner] if row[0] == key][at]
            for key, owner in self.owners.items()
        )


def drops_of(chance: random.Random) -> list[list[Drop]]:
    value = iter(range(1, 1000))

    def drop() -> Drop:
        count = chance.choice([0, 1, 1, 2, 3])
        rows = tuple((chance.choice("ABC"), next(value)) for _ in range(count))
        name = chance.choice(["east", "west", "north"])
        return Drop(name, rows, not rows or chance.random() < 0.9)

    sizes = [chance.choice([1, 1, 2, 3]) for _ in range(chance.randint(2, 5))]
    return [[drop() for _ in range(size)] for size in sizes]


def a_batch(lake: ALake, drops: list[Drop]) -> int:
    taken = [
        lake.file(drop.text, f"{drop.name}.csv", source="rows", id=f"{lake.number + 1:04}{at:02}")
        for at, drop in enumerate(drops)
    ]
    return lake.batch(files=taken)


def check(
    lake: ALake,
    redrop: Redrop,
    wins: Wins,
    batches: list[list[Drop]],
    run: Callable[[int], None],
    rows: Callable[[], list[dict[str, Any]]],
) -> None:
    lake.define({"rows": files(CONTRACT, onRedrop=redrop, onRepeatedKey=wins)})
    model = Model(redrop, wins)
    for at, drops in enumerate(batches):
        run(a_batch(lake, drops))
        model.take(drops)
        found = sorted((row["code"], row["size"]) for row in rows())
        assert found == model.silver(), (redrop, wins, batches[: at + 1])


MOVED = [
    [Drop("east", (("A", 1), ("B", 2))), Drop("west", (("C", 3),))],
    [Drop("west", (("C", 3), ("B", 2))), Drop("east", (("A", 1),))],
]
LEFT_TO_THE_OTHER = [
    [Drop("east", (("A", 1), ("B", 2)))],
    [Drop("west", (("B", 3),))],
    [Drop("east", (("A", 1),))],
]
NAMED = {
    "moved in one batch": MOVED,
    "moved, whoever loses it first": [MOVED[0], MOVED[1][::-1]],
    "moved over two batches": [MOVED[0], [MOVED[1][0]], [MOVED[1][1]]],
    "moved over two batches, gone in between": [MOVED[0], [MOVED[1][1]], [MOVED[1][0]]],
    "left to the other": LEFT_TO_THE_OTHER,
    "left to nobody, since the other was emptied": [
        *LEFT_TO_THE_OTHER[:2],
        [Drop("west", ())],
        LEFT_TO_THE_OTHER[2],
    ],
    "left to the other, whose next file nobody can read": [
        *LEFT_TO_THE_OTHER[:2],
        [Drop("west", (("Q", 1),), is_readable=False)],
        LEFT_TO_THE_OTHER[2],
    ],
    "a correction under another name": [[Drop("east", (("A", 1),))], [Drop("west", (("A", 2),))]],
}


@pytest.mark.parametrize("wins", ["first", "last"])
@pytest.mark.parametrize("batches", NAMED.values(), ids=NAMED.keys())
def test_a_key_is_with_a_file_that_holds_it(
    tmp_path: Path, batches: list[list[Drop]], wins: Wins
) -> None:
    over_stand_in(tmp_path, "replace", wins, batches)


@pytest.mark.parametrize("wins", ["first", "last"])
@pytest.mark.parametrize("redrop", ["replace", "append"])
def test_silver_holds_what_a_model_holds(tmp_path: Path, redrop: Redrop, wins: Wins) -> None:
    chance = random.Random(f"{redrop} {wins}")
    for case in range(CASES):
        over_stand_in(tmp_path / str(case), redrop, wins, drops_of(chance))


def over_stand_in(folder: Path, redrop: Redrop, wins: Wins, batches: list[list[Drop]]) -> None:
    world = StandInWorld(ALake(folder, "keys"), Store())
    check(
        world.lake,
        *(redrop, wins, batches),
        lambda batch: go_to_end(world, batch),
        lambda: world.rows("silver", "rows"),
    )


def test_spark_does_as_the_stand_in(lake: ALake, runs: Runs) -> None:
    """Both rules side by side, in the same batches."""
    rules: tuple[Wins, ...] = ("first", "last")
    sources: dict[str, Any] = {
        wins: files(CONTRACT, onRedrop="replace", onRepeatedKey=wins) for wins in rules
    }
    lake.define(sources)
    models = {wins: Model("replace", wins) for wins in rules}
    for drops in SPARK:
        number = lake.number + 1
        taken = [
            lake.file(drop.text, f"{drop.name}.csv", source=source, id=f"{number:04}{at:02}")
            for source in sources
            for at, drop in enumerate(drops)
        ]
        runs.run(lake.batch(files=taken))
        for wins, model in models.items():
            model.take(drops)
            found = sorted((row["code"], row["size"]) for row in runs.rows("silver", wins))
            assert found == model.silver(), (wins, number)


# A key moves, one is left to the other, one file is empty, and a batch costs Spark seconds.
SPARK = [
    [Drop("east", (("A", 1), ("B", 2), ("D", 4))), Drop("west", (("C", 3), ("D", 5)))],
    [Drop("west", (("C", 3), ("B", 2), ("D", 5))), Drop("east", (("A", 1),)), Drop("north", ())],
]
