"""Events that a batch accounts for without having them."""

from __future__ import annotations

from typing import Any

from lakes import GENERATION, ALake, events
from running import Runs

EVENT = {"type": "object", "properties": {"a": {"type": "integer"}}}


def gap(first: int, last: int, reason: str) -> dict[str, Any]:
    return {
        "source": "flights",
        "stream": "hub/flights",
        "generation": GENERATION,
        "partition": "0",
        "from": first,
        "to": last,
        "reason": reason,
    }


def test_each_event_is_received_once_over_all_batches(lake: ALake, runs: Runs) -> None:
    lake.define({"flights": events(EVENT)})
    counts = ("received", "accepted", "expired", "missing")

    def account(batch: int) -> dict[str, Any]:
        found: dict[str, Any] = runs.run(batch)["sources"]["flights"]
        return found

    gaps = [gap(2, 6, "expired"), gap(9, 9, "missing")]
    slices = [lake.slice([{"a": 1}] * 2), lake.slice([{"a": 1}] * 2, 7)]
    first = account(lake.batch(slices, gaps=gaps))
    assert [first[count] for count in counts] == [10, 4, 5, 1]
    assert "recovered" not in first

    # Nothing came with it: the hub has dropped everything behind the watermark.
    alone = account(lake.batch(gaps=[gap(10, 29, "expired")]))
    assert [alone[count] for count in counts] == [20, 0, 20, 0]
    assert alone["partitions"] == {}

    late = [lake.slice([{"a": 1}], 9), lake.slice([{"a": 1}], 30)]
    repair = account(lake.batch(late, gaps=[gap(9, 9, "recovered")]))
    assert [repair[count] for count in (*counts, "recovered")] == [1, 2, 0, 0, 1]
