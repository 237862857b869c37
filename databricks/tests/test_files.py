"""Files: one batch of first drops, one of second drops, under each rule for them."""

from __future__ import annotations

from typing import Any

import pytest

from lakes import ALake, files
from running import Runs

CONTRACT = {
    "type": "object",
    "required": ["code"],
    "properties": {
        "code": {"type": "string"},
        "size": {"type": "integer"},
        "share": {"type": "number"},
        "open": {"type": "boolean"},
    },
    "additionalProperties": False,
}
KEYED = {**CONTRACT, "x-key": ["code"]}
FIRST = 'code,size,share,open\nA,1,0.5,true\nB,,,\n"C, ""c""\nsecond line",3,1e2,FALSE\n,4,,\n'
REASONS = """share,extra,code,size,open
NaN,,D,,
,x,E,,
,,F,1.5,
,,G,,yes
1,,H,7,true
1,H
"""


@pytest.fixture(scope="module")
def batches(lake: ALake, runs: Runs) -> list[dict[str, Any]]:
    lake.define(
        {
            "keyed": files(KEYED),
            "plain": files(CONTRACT),
            "added": files(KEYED, onRedrop="append"),
            "once": files(CONTRACT, onRedrop="reject"),
        }
    )
    first = lake.batch(
        files=[
            lake.file(FIRST, "a.csv", source="keyed"),
            lake.file(REASONS, "odd [1].csv", source="keyed"),
            lake.file("code,size\nB,9\nZ,9\n", "b.csv", source="keyed"),
            lake.file(FIRST, "a.csv", source="plain"),
            lake.file("code\nA\nB\nA\n", "a.csv", source="added"),
            lake.file("code\nA\nB\n", "a.csv", source="once"),
            lake.file("code\nC\n", "a.csv", source="once"),
        ]
    )
    second = lake.batch(
        files=[
            # Superseded by the next one in the same batch.
            lake.file("code\nQ\nB\n", "a.csv", source="keyed"),
            lake.file("\ufeffcode,size\r\nA,1\r\nB,2\r\nZ,1\r\nN,5\r\n", "a.csv", source="keyed"),
            lake.file("code,size\nA,1\nX,2\n", "a.csv", source="plain"),
            lake.file("code\nB\nC\n", "a.csv", source="added"),
            lake.file("code\nD\n", "a.csv", source="once"),
            lake.file(b"code\nE\n\xff\n", "b.csv", source="once"),
        ]
    )
    return [runs.run(first), runs.run(second)]


def verdicts(runs: Runs, source: str, batch: int) -> list[tuple[str, str | None, str, str | None]]:
    return [
        (row["_partition"], row["code"], row["_verdict"], row["_reason"])
        for row in runs.log(source, batch)
    ]


def silver(runs: Runs, source: str) -> list[tuple[Any, ...]]:
    return sorted((row["_batch"], row["code"], row["size"]) for row in runs.rows("silver", source))


def test_text_becomes_the_contracts_types(batches: list[dict[str, Any]], runs: Runs) -> None:
    rows = [
        (row["code"], row["size"], row["share"], row["open"], row["_reason"], row["_sequence"])
        for row in runs.log("plain", 1)
    ]
    assert rows == [
        ("A", 1, 0.5, True, None, 1),
        ("B", None, None, None, None, 2),
        ('C, "c"\nsecond line', 3, 100.0, False, None, 3),
        (None, 4, None, None, "code: required", 4),
    ]
    assert runs.log("plain", 1)[3]["_body"] == b",4,,"


def test_a_bad_row_is_quarantined_with_its_reason(
    batches: list[dict[str, Any]], runs: Runs
) -> None:
    odd = [each[1:] for each in verdicts(runs, "keyed", 1) if each[0] == "odd [1].csv"]
    assert odd == [
        ("D", "quarantined", "share: type number"),
        ("E", "quarantined", "row: additionalProperties"),
        ("F", "quarantined", "size: type integer"),
        ("G", "quarantined", "open: type boolean"),
        ("H", "accepted", None),
        (None, "quarantined", "row: not 5 fields"),
    ]


def test_a_newer_file_of_the_name_replaces_the_older(
    batches: list[dict[str, Any]], runs: Runs
) -> None:
    assert sorted(verdicts(runs, "keyed", 2)) == [
        ("a.csv", "A", "accepted", None),
        ("a.csv", "B", "accepted", None),
        ("a.csv", "B", "accepted", None),
        ("a.csv", "N", "accepted", None),
        ("a.csv", "Q", "accepted", None),
        ("a.csv", "Z", "duplicate", "x-key"),
    ]
    # A lost its share and B changed; C is gone; H and Z belong to other files.
    assert silver(runs, "keyed") == [
        (1, "H", 7), (1, "Z", 9), (2, "A", 1), (2, "B", 2), (2, "N", 5),
    ]  # fmt: skip
    assert silver(runs, "plain") == [(2, "A", 1), (2, "X", 2)]


def test_an_appended_file_adds_only_new_keys(batches: list[dict[str, Any]], runs: Runs) -> None:
    assert [each[2] for each in verdicts(runs, "added", 1)] == ["accepted", "accepted", "duplicate"]
    assert [each[2] for each in verdicts(runs, "added", 2)] == ["duplicate", "accepted"]
    assert silver(runs, "added") == [(1, "A", None), (1, "B", None), (2, "C", None)]


def test_a_rejected_file_is_quarantined_whole(batches: list[dict[str, Any]], runs: Runs) -> None:
    again = ("quarantined", "file: dropped again")
    assert sorted(each[1:] for each in verdicts(runs, "once", 1)) == [
        ("A", "accepted", None), ("B", "accepted", None), ("C", *again),
    ]  # fmt: skip
    assert [each[1:] for each in verdicts(runs, "once", 2)] == [
        ("D", *again),
        ("E", "accepted", None),
        ("\ufffd", "quarantined", "row: not UTF-8"),
    ]


def test_the_account_of_a_file_goes_by_its_name(batches: list[dict[str, Any]]) -> None:
    account = batches[1]["sources"]["keyed"]
    assert account["received"] == 6
    assert account["partitions"] == {"files/a.csv": {"from": 1, "to": 4, "rows": 6, "distinct": 4}}


def test_an_unreadable_file_replaces_nothing(lake: ALake, runs: Runs) -> None:
    lake.define({"codes": files(KEYED), "lines": files(CONTRACT)})
    runs.run(
        lake.batch(
            files=[
                lake.file("code\nA\nB\n", "a.csv", source="codes"),
                lake.file("code\nE\n", "b.csv", source="codes"),
                lake.file("code\nA\nA\n", "a.csv", source="lines"),
            ]
        )
    )
    number = lake.batch(
        files=[
            lake.file("kode\nA\nB\n", "a.csv", source="codes"),
            # The newest that can be read counts; its N is another file's too.
            lake.file("code\nM\nN\n", "b.csv", source="codes"),
            lake.file("kode\nM\n", "b.csv", source="codes"),
            lake.file("code\nN\nO\n", "c.csv", source="codes"),
            lake.file("code\n\xff\n".encode("latin-1"), "a.csv", source="lines"),
        ]
    )
    accounts = runs.run(number)["sources"]
    assert [accounts[each]["quarantined"] for each in ("codes", "lines")] == [2, 1]
    assert [(batch, code) for batch, code, _ in silver(runs, "codes")] == [
        (number - 1, "A"), (number - 1, "B"), (number, "M"), (number, "N"), (number, "O"),
    ]  # fmt: skip
    assert [(batch, code) for batch, code, _ in silver(runs, "lines")] == [(number - 1, "A")] * 2


def test_a_name_reads_nothing_of_the_platform(lake: ALake, runs: Runs) -> None:
    """Spark replaces `${…}` in a statement's text by its environment, settings and properties."""
    names = [
        "${env:HOME}.csv",
        "${spark.app.name}.csv",
        "${hivevar:a}.csv",
        "it's a \\ \" name.csv",
    ]
    lake.define({"named": files(KEYED)})
    number = lake.batch(
        files=[lake.file(f"code\nA{at}\n", name, source="named") for at, name in enumerate(names)]
    )
    account = runs.run(number)["sources"]["named"]
    assert set(account["partitions"]) == {f"files/{name}" for name in names}
    rows = {row["_partition"]: row["code"] for row in runs.log("named", number)}
    assert rows == {name: f"A{at}" for at, name in enumerate(names)}
