"""A batch broken off before each of its changes and repeated ends as if nothing had happened.

Gold is compared with a model in Python, by way of a reader that is not Spark, and with what the
change sets make of an empty dictionary: so no change set was lost or written twice.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from lakes import ALake, files, gold
from running import CrashError, Runs, crash_before

CONTRACT = {
    "type": "object",
    "required": ["name", "amount"],
    "properties": {"name": {"type": "string"}, "amount": {"type": ["integer", "null"]}},
}
# What one batch suffers before it is let through: together, a break before each change.
BREAKS = [
    [("silver tables", "rows_log"), ("silver tables", "rows"), ("silver tables", "rows_quarantine"),
     ("silver log", "rows"), ("gold trial", "")],
    [("silver.json", ""), ("silver merge", "rows"), ("gold changes", ""), ("gold seal", "")],
    [("gold apply", "totals"), ("gold apply", "sizes")],
    [("report.json", ""), ("process.json", "")],
]  # fmt: skip
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


@pytest.mark.parametrize("steps", BREAKS, ids=lambda steps: steps[0][0])
def test_a_batch_broken_off_and_repeated_ends_the_same(
    lake: ALake, runs: Runs, published: dict[str, Model], steps: list[tuple[str, str]]
) -> None:
    dice = random.Random(lake.number)
    count = ROWS_OF_BATCH[lake.number]
    rows = [(dice.choice("abcdef"), dice.choice([None, 1, 5, 12])) for _ in range(count)]
    text = "".join(f"{name},{'' if amount is None else amount}\n" for name, amount in rows)
    # An empty field is an absent property, and amount must be there.
    good = [(name, amount) for name, amount in rows if amount is not None]
    number = lake.batch(files=[lake.file("name,amount\n" + text, "rows.csv", source="rows")])
    for attempt, (point, subject) in enumerate(steps, start=1):
        with pytest.raises(CrashError):
            runs.run(number, attempt, crash_before(point, subject))
    process = runs.run(number, len(steps) + 1)
    runs.forget_process(number)
    assert runs.run(number, len(steps) + 2) == process, "whoever ends a batch ends it the same"
    wanted = expected(good)
    assert process["sources"]["rows"]["received"] == len(rows)
    assert len(runs.rows("silver", "rows")) == len(good)
    for table, key in (("totals", "name"), ("sizes", "size")):
        _apply(published[table], lake.changes(process, table))
        in_gold = {at: _plain(row) for at, row in runs.gold(table, key).items()}
        assert in_gold == wanted[table]
        assert published[table] == wanted[table]
        assert process["tables"][table]["rows"] == len(wanted[table])


def test_a_rebuild_without_a_change_changes_nothing(lake: ALake, runs: Runs) -> None:
    process = runs.run(lake.batch(kind="rebuild"))
    assert process["sources"] == {}
    for table in process["tables"].values():
        assert (table["inserted"], table["updated"], table["deleted"]) == (0, 0, 0)
        assert table["changes"] == []
    assert lake.report(lake.number)["commits"] == 1, "the seal"


def _apply(model: Model, changes: list[dict[str, Any]]) -> None:
    for change in changes:
        key = tuple(change["key"])
        if change["op"] == "delete":
            del model[key]
            continue
        assert change["isNew"] == (key not in model)
        assert change["value"] != model.get(key), "a row that did not change is no change"
        model[key] = change["value"]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if name == "since" else value for name, value in row.items()}
