"""A batch broken off after each of its steps and repeated ends as if nothing had happened.

Gold is compared with a model in Python, by way of a reader that is not Spark, and with what the
change sets make of an empty dictionary: so no change set was lost or written twice.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from lakes import ALake, files, gold
from running import CrashError, Runs, crash_after

CONTRACT = {
    "type": "object",
    "required": ["name", "amount"],
    "properties": {"name": {"type": "string"}, "amount": {"type": ["integer", "null"]}},
}
# What one batch suffers before it is let through: together, a break after each step.
BREAKS = [
    ["silver tables", "silver log", "silver account"],
    ["silver merge", "silver seal", "gold candidates", "gold seal"],
    ["gold totals", "gold sizes"],
    ["gold", "process"],
]
ROWS_OF_BATCH = [0, 8, 6, 0]
TOTALS = """
SELECT name, sum(amount) AS total, count(*) AS n, DATE'2026-01-01' AS since
FROM silver.rows
GROUP BY name
"""
SIZES = """
SELECT CASE WHEN t.total > 10 THEN 'big' ELSE 'small' END AS size, count(*) AS names
FROM gold.totals AS t
GROUP BY ALL
"""

Model = dict[tuple[str, ...], dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def defined(lake: ALake) -> None:
    tables = {"totals": gold(TOTALS, ["name"], "totals"), "sizes": gold(SIZES, ["size"], "sizes")}
    lake.define({"rows": files(CONTRACT)}, tables)


@pytest.fixture(scope="module")
def published() -> dict[str, Model]:
    return {"totals": {}, "sizes": {}}


def expected(rows: list[tuple[str, int]]) -> dict[str, Model]:
    totals: Model = {}
    for name in {name for name, _ in rows}:
        amounts = [amount for other, amount in rows if other == name]
        totals[(name,)] = {
            "name": name,
            "total": sum(amounts),
            "n": len(amounts),
            "since": "2026-01-01",
        }
    sizes: Model = {}
    for row in totals.values():
        size = "big" if row["total"] > 10 else "small"
        sizes.setdefault((size,), {"size": size, "names": 0})["names"] += 1
    return {"totals": totals, "sizes": sizes}


@pytest.mark.parametrize("steps", BREAKS, ids=" - ".join)
def test_a_batch_broken_off_and_repeated_ends_the_same(
    lake: ALake, runs: Runs, published: dict[str, Model], steps: list[str]
) -> None:
    dice = random.Random(lake.number)
    count = ROWS_OF_BATCH[lake.number]
    rows = [(dice.choice("abcdef"), dice.choice([None, 1, 5, 12])) for _ in range(count)]
    text = "".join(f"{name},{'' if amount is None else amount}\n" for name, amount in rows)
    # An empty field is an absent property, and amount must be there.
    good = [(name, amount) for name, amount in rows if amount is not None]
    number = lake.batch(files=[lake.file("name,amount\n" + text, "rows.csv", source="rows")])
    for attempt, step in enumerate(steps, start=1):
        with pytest.raises(CrashError):
            runs.run(number, attempt, crash_after(step))
    process = runs.run(number, len(steps) + 1)
    if "process" in steps:
        assert process["attempt"] == len(steps), "what was processed is not processed again"
        runs.forget_process(number)
        again = runs.run(number, len(steps) + 2)
        assert _what_was_done(again) == _what_was_done(process)
    wanted = expected(good)
    assert process["sources"]["rows"]["received"] == len(rows)
    assert len(runs.rows("silver", "rows")) == len(good)
    for table, key in (("totals", "name"), ("sizes", "size")):
        _apply(published[table], lake.changes(process, table))
        in_gold = {at: _plain(row) for at, row in runs.gold(table, key).items()}
        assert in_gold == wanted[table]
        assert published[table] == wanted[table]
        assert process["gold"][table]["rows"] == len(wanted[table])


def test_a_rebuild_without_a_change_changes_nothing(lake: ALake, runs: Runs) -> None:
    process = runs.run(lake.batch(kind="rebuild"))
    assert process["sources"] == {}
    for table in process["gold"].values():
        assert (table["inserted"], table["updated"], table["deleted"]) == (0, 0, 0)
        assert table["changes"] == []
    assert process["commits"] == 0


def _apply(model: Model, changes: list[dict[str, Any]]) -> None:
    for change in changes:
        key = tuple(change["key"])
        if change["op"] == "delete":
            del model[key]
            continue
        assert change["isNew"] == (key not in model)
        assert change["value"] != model.get(key), "a row that did not change is no change"
        model[key] = change["value"]


def _what_was_done(process: dict[str, Any]) -> dict[str, Any]:
    """All but what an attempt says about itself."""
    itself = ("attempt", "seconds", "statements", "commits")
    gold = {
        name: {field: value for field, value in table.items() if field != "tableVersion"}
        for name, table in process["gold"].items()
    }
    return {**{name: process[name] for name in process if name not in itself}, "gold": gold}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name == "since" else value for name, value in row.items()}
