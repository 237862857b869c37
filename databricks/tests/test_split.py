"""Events that hold several rows, as a list or in the property `records`, as diagnostic logs do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lakes import ALake, events, files
from running import Runs

CONTRACT = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "n": {"type": "integer"}},
}
KEYED = {**CONTRACT, "x-key": ["id"]}
Verdict = tuple[int, int, str, str | None, str | None]


def listed(*ids: str) -> str:
    return json.dumps([{"id": id} for id in ids])


@pytest.fixture(scope="module")
def accounts(lake: ALake, runs: Runs) -> dict[str, Any]:
    lake.define(
        {
            "lists": events(KEYED, split="array"),
            "logs": events(CONTRACT, split="records"),
        }
    )
    lists = [
        listed("a", "b", "a"),
        '[{"id": "c"}, {"n": 1}, 7, {"id": "d", "n": "x"}]',
        "[]",
        '{"id": "e"}',
        "[{",
        listed("d", "b"),
    ]
    logs = [
        '{"records": [{"id": "a"}, {"id": "a"}], "more": 1}',
        '{"records": 5}',
        listed("a"),
        None,
    ]
    batch = lake.batch(
        [
            lake.slice([*lists], 10, source="lists"),
            # Delivered once more, in another cut.
            lake.slice([*lists[:1]], 10, source="lists"),
            lake.slice([*logs], source="logs"),
        ]
    )
    accounts: dict[str, Any] = runs.run(batch)["sources"]
    return accounts


def verdicts(runs: Runs, source: str) -> list[Verdict]:
    rows = [
        (row["_sequence"], row["_item"], row["_verdict"], row["_reason"], row["id"])
        for row in runs.log(source, 1)
    ]
    return sorted(rows, key=lambda row: (*row[:3], str(row[3:])))


def test_each_item_is_a_row_with_a_verdict_of_its_own(accounts: dict[str, Any], runs: Runs) -> None:
    assert verdicts(runs, "lists") == [
        (10, 1, "accepted", None, "a"),
        (10, 1, "duplicate", "position", "a"),
        (10, 2, "accepted", None, "b"),
        (10, 2, "duplicate", "position", "b"),
        (10, 3, "duplicate", "position", "a"),
        (10, 3, "duplicate", "x-key", "a"),
        (11, 1, "accepted", None, "c"),
        (11, 2, "quarantined", "id: required", None),
        (11, 3, "quarantined", "body: not an object", None),
        (11, 4, "quarantined", "n: type integer", "d"),
        (12, 0, "quarantined", "body: an empty array", None),
        (13, 0, "quarantined", "body: no array", None),
        (14, 0, "quarantined", "body: not JSON", None),
        (15, 1, "accepted", None, "d"),
        (15, 2, "duplicate", "x-key", "b"),
    ]
    assert verdicts(runs, "logs") == [
        (0, 1, "accepted", None, "a"),
        (0, 2, "accepted", None, "a"),
        (1, 0, "quarantined", "body: no list of records", None),
        (2, 0, "quarantined", "body: no list of records", None),
        (3, 0, "quarantined", "body: absent", None),
    ]


def test_what_is_quarantined_is_the_item_or_the_whole_body(
    accounts: dict[str, Any], runs: Runs
) -> None:
    kept = {(row["_sequence"], row["_item"]): row["_body"] for row in runs.log("lists", 1)}
    assert json.loads(kept[11, 4]) == {"id": "d", "n": "x"}
    assert kept[13, 0] == b'{"id": "e"}'


def test_silver_has_a_row_for_each_good_item(accounts: dict[str, Any], runs: Runs) -> None:
    places = sorted(
        (row["_sequence"], row["_item"], row["id"]) for row in runs.rows("silver", "logs")
    )
    assert places == [(0, 1, "a"), (0, 2, "a")]
    assert sorted(row["id"] for row in runs.rows("silver", "lists")) == ["a", "b", "c", "d"]


def test_the_account_has_both_rows_and_events(accounts: dict[str, Any]) -> None:
    account = accounts["lists"]
    names = ("received", "events", "accepted", "duplicate", "quarantined")
    assert [account[name] for name in names] == [15, 7, 4, 5, 6]
    [partition] = account["partitions"].values()
    assert partition == {"from": 10, "to": 15, "rows": 15, "distinct": 6}
    assert (accounts["logs"]["received"], accounts["logs"]["events"]) == (5, 4)


def test_files_with_keys_that_one_event_brought_replace_each_row_of_it(
    accounts: dict[str, Any], lake: ALake, runs: Runs
) -> None:
    """The source was a hub's, whose rows of one event share their place but for the item."""
    lake.define({"lists": files(KEYED, folder="lists", onRepeatedKey="last")})
    dropped = lake.file("id,n\na,3\nb,4\n", "lists.csv", source="lists")
    runs.run(lake.batch(files=[dropped]))
    rows = sorted((row["id"], row["n"]) for row in runs.rows("silver", "lists"))
    assert rows == [("a", 3), ("b", 4), ("c", None), ("d", None)]
