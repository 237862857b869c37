"""Redelivery, repeated keys and lateness over the batches of one pipeline."""

from __future__ import annotations

import pytest

from assay_jobs.errors import UnbalancedBooksError
from lakes import ALake, events
from running import CrashError, Runs, crash_before

CONTRACT = {
    "type": "object",
    "required": ["id", "at"],
    "properties": {"id": {"type": "string"}, "at": {"type": "string", "format": "date-time"}},
    "x-key": ["id"],
}


def body(id: str, day: int = 10) -> dict[str, str]:
    return {"id": id, "at": f"2026-01-{day:02d}T00:00:00Z"}


@pytest.fixture(scope="module", autouse=True)
def defined(lake: ALake) -> None:
    lake.define({"flights": events(CONTRACT, eventTime="at", lateAfterSeconds=2 * 86400)})


def verdicts(runs: Runs, batch: int) -> list[tuple[str, int, str, str | None]]:
    return [
        (row["_partition"], row["_sequence"], row["_verdict"], row["_reason"])
        for row in runs.log("flights", batch)
    ]


def test_the_same_position_or_key_again_is_a_duplicate(lake: ALake, runs: Runs) -> None:
    first = lake.slice([body("a"), body("b"), "broken"], 0)
    again = lake.slice([body("b"), "broken", body("a"), body("c")], 1)
    # Of a device whose clock is wrong: it counts, and says nothing about the time.
    far = {"id": "far", "at": "2060-01-01T00:00:00Z"}
    other = lake.slice([body("c", 9), far], 7, partition="1")
    number = lake.batch([first, again, other])
    account = runs.run(number)["sources"]["flights"]
    assert verdicts(runs, number) == [
        ("0", 0, "accepted", None),
        ("0", 1, "accepted", None),
        ("0", 1, "duplicate", "position"),
        ("0", 2, "quarantined", "body: not JSON"),
        ("0", 2, "duplicate", "position"),
        ("0", 3, "duplicate", "x-key"),
        ("0", 4, "accepted", None),
        ("1", 7, "duplicate", "x-key"),
        ("1", 8, "accepted", None),
    ]
    names = ("received", "accepted", "duplicate", "quarantined", "late", "future")
    assert [account[name] for name in names] == [9, 4, 4, 1, 0, 1]
    assert [(each["rows"], each["distinct"]) for each in account["partitions"].values()] == [
        (7, 5),
        (2, 2),
    ]
    assert account["newestEventAt"] == "2026-01-10T00:00:00.000Z"
    assert account["duplicateBy"] == {"position": 2, "x-key": 2}
    assert account["quarantinedBy"] == {"body: not JSON": 1}


def test_a_recut_file_gives_only_its_new_slice(lake: ALake, runs: Runs) -> None:
    recut = lake.slice(
        [body("b"), body("x"), body("d", 7), body("e", 8), body("c")], 3, take=(5, 7)
    )
    number = lake.batch([recut])
    account = runs.run(number)["sources"]["flights"]
    assert verdicts(runs, number) == [
        ("0", 5, "late", None),
        ("0", 6, "accepted", None),
        ("0", 7, "duplicate", "x-key"),
    ]
    assert (account["late"], account["received"]) == (1, 3)
    assert "future" not in account
    assert sorted(row["id"] for row in runs.rows("silver", "flights")) == [*"abcde", "far"]


def test_what_is_late_is_measured_by_earlier_batches_only(lake: ALake, runs: Runs) -> None:
    """The third batch brings no event; the fourth is still measured against the first."""
    assert runs.run(lake.batch(kind="rebuild"))["newestEventAt"] == {
        "flights": "2026-01-10T00:00:00.000Z"
    }
    number = lake.batch([lake.slice([body("f", 30), body("g", 7)], 8)])
    runs.run(number)
    assert [verdict for _, _, verdict, _ in verdicts(runs, number)] == ["accepted", "late"]


def test_a_file_that_lacks_positions_of_the_manifest_stops_the_batch(
    lake: ALake, runs: Runs
) -> None:
    short = lake.slice([body("y"), body("z")], 10)
    number = lake.batch([{**short, "to": 12}])
    with pytest.raises(UnbalancedBooksError, match="holds 2 of the 3 positions"):
        runs.run(number)
    assert "y" not in {row["id"] for row in runs.rows("silver", "flights")}


def test_a_platform_that_appends_twice_is_found_out(lake: ALake, runs: Runs) -> None:
    number = lake.batch([lake.slice([body("m"), body("n")], 20)])
    with pytest.raises(CrashError):
        runs.run(number, 1, crash_before("silver.json"))
    log = f"spark_catalog.{lake.pipeline}_silver.flights_log"
    runs.spark.sql(f"INSERT INTO {log} SELECT * FROM {log} WHERE _batch = {number}")
    with pytest.raises(UnbalancedBooksError, match="4 rows at 2 positions"):
        runs.run(number, 2)
    assert "m" not in {row["id"] for row in runs.rows("silver", "flights")}
