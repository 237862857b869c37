"""What becomes of each body, one literal row at a time."""

from __future__ import annotations

from typing import Any

import pytest

from lakes import ALake, events
from running import Row, Runs

CONTRACT = {
    "type": "object",
    "required": ["id", "at"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 4},
        "at": {"type": "string", "x-parse": "yyyy/MM/dd HH:mm"},
        "whole": {"type": ["integer", "null"], "minimum": 0, "exclusiveMaximum": 2**32},
        "part": {"type": "number", "exclusiveMinimum": 0, "maximum": 1.5},
        "flag": {"type": "boolean", "const": True},
        "kind": {"type": ["string", "null"], "enum": ["a", 'it\'s \\ "b"', None]},
        "day": {"type": "string", "format": "date"},
        "instant": {"type": "string", "format": "date-time"},
    },
    "additionalProperties": False,
}
GOOD = '"id": "abc", "at": "2001/03/31 10:00"'


def with_(more: str) -> str:
    return "{" + GOOD + ", " + more + "}"


BODIES: list[tuple[str, bytes | str | None, str | None]] = [
    ("a good body", "{" + GOOD + "}", None),
    ("white space around it", " \n{" + GOOD + "}\t", None),
    ("no body", None, "body: absent"),
    ("an empty body", "", "body: not JSON"),
    ("a blank body", " ", "body: not JSON"),
    ("a bad byte", b'{"id": "ab\xff", "at": "2001/03/31 10:00"}', "body: not UTF-8"),
    ("an overlong form", b'{"id": "\xc0\xaf"}', "body: not UTF-8"),
    ("a byte order mark", "\ufeff{" + GOOD + "}", "body: not JSON"),
    ("half of it", '{"id": "abc"', "body: not JSON"),
    ("trailing text", "{" + GOOD + "} trash", "body: not JSON"),
    ("a second root", "{" + GOOD + "}, {" + GOOD + "}", "body: not JSON"),
    ("a closing bracket", "1]", "body: not JSON"),
    ("an object and a closing bracket", "{" + GOOD + "}]", "body: not JSON"),
    ("a comment", "{" + GOOD + "} /* x */", "body: not JSON"),
    ("a trailing comma", "{" + GOOD + ",}", "body: not JSON"),
    ("single quotes", "{'id': 'abc', 'at': '2001/03/31 10:00'}", "body: not JSON"),
    ("a key twice", with_('"id": "abd"'), "body: not JSON"),
    ("NaN", with_('"part": NaN'), "body: not JSON"),
    ("an array", "[{" + GOOD + "}]", "body: not an object"),
    ("a number", "1", "body: not an object"),
    ("null", "null", "body: not an object"),
    ("an unknown property", with_('"other": 1'), "body: additionalProperties"),
    ("a missing property", '{"id": "abc"}', "at: required"),
    ("null where it may not be", with_('"flag": null'), "flag: type boolean"),
    ("null where it may be", with_('"whole": null, "kind": null'), None),
    ("a number as a string", '{"id": 5, "at": "2001/03/31 10:00"}', "id: type string"),
    ("an object as a string", '{"id": {}, "at": "2001/03/31 10:00"}', "id: type string"),
    ("a string as an integer", with_('"whole": "5"'), "whole: type integer"),
    ("true as an integer", with_('"whole": true'), "whole: type integer"),
    ("a fraction as an integer", with_('"whole": 1.5'), "whole: type integer"),
    ("1.0 as an integer", with_('"whole": 1.0'), None),
    ("5e0 as an integer", with_('"whole": 5e0'), None),
    ("5.5e0 as an integer", with_('"whole": 5.5e0'), "whole: type integer"),
    ("an integer too large", with_('"whole": 4294967296'), "whole: exclusiveMaximum 4294967296"),
    ("beyond 64 bits", with_('"whole": 9223372036854775808'), "whole: integer beyond 64 bits"),
    ("beyond 38 digits", with_('"whole": 1' + "0" * 40), "whole: integer beyond 64 bits"),
    ("a negative one", with_('"whole": -1'), "whole: minimum 0"),
    ("a number at the open end", with_('"part": 0'), "part: exclusiveMinimum 0"),
    ("a number at the closed end", with_('"part": 1.5'), None),
    ("a number beyond it", with_('"part": 1.6'), "part: maximum 1.5"),
    ("beyond a double", with_('"part": 1e400'), "part: number beyond a double"),
    ("not the constant", with_('"flag": false'), "flag: const"),
    ("a quote and a backslash", with_('"kind": "it\'s \\\\ \\"b\\""'), None),
    ("not in the enum", with_('"kind": "b"'), "kind: enum"),
    ("a pattern not met", '{"id": "AB", "at": "2001/03/31 10:00"}', "id: pattern ^[a-z]+$"),
    ("a line break", '{"id": "abc\\n", "at": "2001/03/31 10:00"}', "id: pattern ^[a-z]+$"),
    ("too short", '{"id": "a", "at": "2001/03/31 10:00"}', "id: minLength 2"),
    ("too long", '{"id": "abcde", "at": "2001/03/31 10:00"}', "id: maxLength 4"),
    ("no such day", '{"id": "abc", "at": "2001/02/30 10:00"}', "at: x-parse yyyy/MM/dd HH:mm"),
    ("short of a digit", '{"id": "abc", "at": "2001/2/3 1:00"}', "at: x-parse yyyy/MM/dd HH:mm"),
    ("a leap day", with_('"day": "2000-02-29"'), None),
    ("not a leap day", with_('"day": "1900-02-29"'), "day: format date"),
    ("a day and more", with_('"day": "2000-02-29T"'), "day: format date"),
    ("an instant", with_('"instant": "2001-03-31t10:00:00.123456789z"'), None),
    ("an instant with an offset", with_('"instant": "2001-03-31T10:00:00-05:30"'), None),
    ("a local time", with_('"instant": "2001-03-31T10:00:00"'), "instant: format date-time"),
    ("an hour too many", with_('"instant": "2001-03-31T24:00:00Z"'), "instant: format date-time"),
]  # fmt: skip


@pytest.fixture(scope="module")
def batch(lake: ALake, runs: Runs) -> tuple[dict[str, Any], list[Row]]:
    lake.define({"flights": events(CONTRACT, eventTime="at")})
    number = lake.batch([lake.slice([body for _, body, _ in BODIES])])
    return runs.run(number), runs.log("flights", number)


@pytest.mark.parametrize("at", range(len(BODIES)), ids=[name for name, _, _ in BODIES])
def test_each_body_gets_its_verdict(batch: tuple[dict[str, Any], list[Row]], at: int) -> None:
    _, body, reason = BODIES[at]
    row = batch[1][at]
    assert (row["_reason"], row["_verdict"]) == (
        reason,
        "quarantined" if reason else "accepted",
    )
    kept = body.encode() if isinstance(body, str) else body
    assert row["_body"] == (kept if reason else None)


def test_the_account_counts_every_row_once(batch: tuple[dict[str, Any], list[Row]]) -> None:
    account = batch[0]["sources"]["flights"]
    bad = sum(1 for _, _, reason in BODIES if reason)
    assert account["received"] == len(BODIES)
    assert (account["accepted"], account["quarantined"]) == (len(BODIES) - bad, bad)
    assert account["newestEventAt"] == "2001-03-31T10:00:00.000Z"
    [partition] = account["partitions"].values()
    assert partition == {
        "from": 0,
        "to": len(BODIES) - 1,
        "rows": len(BODIES),
        "distinct": len(BODIES),
    }


def test_silver_holds_the_good_rows_typed(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    rows = {row["_sequence"]: row for row in runs.rows("silver", "flights")}
    good = {at: body for at, (_, body, reason) in enumerate(BODIES) if reason is None}
    assert set(rows) == set(good)
    by_name = {name: rows[at] for at, (name, _, _) in enumerate(BODIES) if at in rows}
    assert by_name["1.0 as an integer"]["whole"] == 1
    assert by_name["5e0 as an integer"]["whole"] == 5
    assert by_name["a quote and a backslash"]["kind"] == 'it\'s \\ "b"'
    assert by_name["a good body"]["at"] == "2001/03/31 10:00"


def test_other_readers_can_read_the_tables(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    for table in ("flights", "flights_log"):
        assert runs.table("silver", table).protocol().min_reader_version == 1


def test_the_quarantine_is_a_view_of_the_log(
    batch: tuple[dict[str, Any], list[Row]], runs: Runs
) -> None:
    view = f"spark_catalog.{runs.lake.pipeline}_silver.flights_quarantine"
    assert runs.spark.table(view).count() == batch[0]["sources"]["flights"]["quarantined"]
