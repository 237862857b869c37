"""Bodies of all kinds of good and bad JSON, judged as Python's reader judges them.

Where we differ, and mean to: a property named twice and half a surrogate pair are refused, since
Spark would lose the one and the other; a byte order mark is taken away; NaN and Infinity, which
Python's reader takes, are no JSON.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import pytest
from pyspark.sql import SparkSession

from assay_jobs.contract import check_json, read_bodies, read_contract

CONTRACT = read_contract({"type": "object", "properties": {"v": {"type": "string"}}})
NONCE = "unknown to whoever sends"
HALF = re.compile("[\ud800-\udfff]")

# Each stands as the value of a property, and, where it is one, alone.
VALUES = [
    "null", "true", "false", "True", "nul", "truefalse", "0", "-0", "-0.0", "1", "-1", "01", "-01",
    "00", "+1", "1.", ".5", "-.5", "1.5", "1.50e10", "1e5", "1E+5", "1e-5", "1e", "1e+", "1e5.5",
    "0e1", "0x1F", "1_000", "1 000", "1.2.3", "--1", "- 1", "Infinity", "-Infinity", "NaN", "1e400",
    "1e-400", "9007199254740993", "9223372036854775807", "-9223372036854775808",
    "9223372036854775808", "123456789012345678901234567890123456789012345", "0." + "1" * 60,
    '""', '"a"', "'a'", "a", '"a', 'a"', '"a""b"', r'"\""', r'"\\"', r'"\/"', r'"\b\f\n\r\t"', r'"\a"',
    r'"\x41"', r'"\u0041"', r'"\u004"', r'"\U0041"', r'"\u004g"', r'"\"', '"\\', r'"\u0000"',
    r'"\ud83d\ude00"', r'"\uD83D\uDE00"', r'"\ud83d"', r'"\ude00"', r'"\ude00\ud83d"',
    r'"\ud83d\u0041"', r'"\ud83dx\ude00"', r'"\\ud83d"', r'"\\\ud83d"', r'"\\\\ud83d"', r'"\ud83d\\ude00"',
    r'"\ud83d\ud83d\ude00"', r'"\uffff"', r'"\ufeff"', '"é"', '"\u2028"', '"😀"', '"\ufeff"', '"\ufffd"',
    '"a\tb"', '"a\nb"', '"a\x00b"', '"a\x1fb"', '"a\x7fb"', '"' + "x" * 100_000 + '"',
    "[]", "[1]", "[1,2]", "[1,]", "[,1]", "[1 2]", "[1,,2]", "[", "]", "[1", "[[]", "[]]", "[1]]", "[ 1 , 2 ]",
    "{}", '{"a":1}', '{"a":1,}', '{,"a":1}', '{"a" 1}', '{"a":}', '{:1}', '{a:1}', "{'a':1}", '{"a":1 "b":2}',
    '{"a":1,"b":2}', '{"a":1;"b":2}', '{"a"::1}', '{1:1}', '{"a":1', '{"":1}', '{"a":{"b":[{"c":null}]}}',
    '{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '[{"a":1,"a":2}]', r'{"a":1,"\u0061":2}', '{"a":1,"A":2}',
    "// x\n1", "1 // x", "/* x */ 1", "1 /* x */", "# x\n1", "1#", "<a/>", "1;", "*", "&", "@", "\\",
    "[" * 200 + "]" * 200, "[" * 200 + "]" * 199, '{"a":' * 100 + "1" + "}" * 100,
    "", " ", "\t1", "\n1\r", "\f1", "\u00a01", "1\u00a0", "\u20281", "\x001", "1\x00", "\ufeff1", "1\ufeff",
]  # fmt: skip
# As they are.
BODIES: list[bytes] = [
    *(value.encode("utf-8", "surrogatepass") for value in VALUES),
    *(('{"v":' + value + "}").encode("utf-8", "surrogatepass") for value in VALUES),
    b'{"v":"\xff"}', b'{"v":"\xc0\xaf"}', b'{"v":"\xed\xa0\x80"}', b'{"v":"\xe2\x82"}',
    b'{"v":"\xf8\x88\x80\x80\x80"}', b'{"v":"\xf4\x90\x80\x80"}', b"\xff", b"{\xe9:1}",
    '{"v":"a"}'.encode("utf-16-le"), '{"v":"a"}'.encode("utf-16"), '{"v":"a"}'.encode("utf-32-le"),
    b"\xef\xbb\xbf", b'\xef\xbb\xbf{"v":"a"}', b'\xef\xbb\xbf\xef\xbb\xbf{"v":"a"}', b'\xef\xbb{"v":"a"}',
    b'\x1f\x8b\x08\x00', b'{"v":"a"}{"v":"b"}', b'{"v":"a"}\n{"v":"b"}', b'{"v":"a"},{"v":"b"}', b'{"v":"a"} x',
    b'{"v":"a"},"0123"]', b'{"v":"a"},"0123",1', b'1],"0123"]', b'{"v":"a"}]', b'{"v":"a"}}', b'"v":"a"',
]  # fmt: skip


# Deeper than any reader goes, Python's among them; what lies there is lost for nobody.
DEEP = [
    (b'{"w":' + b"[" * 500 + b"]" * 500 + b"}", None),
    (b'{"w":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "body: not JSON"),
    (b'{"w":' * 100_000 + b"1" + b"}" * 100_000, "body: not JSON"),
    (b'{"v":"' + b"x" * 1_000_000 + b'"}', None),
]


def wanted(body: bytes) -> str:
    """`fine`, or what kind of reason it has to be."""
    try:
        text = body.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        return "not UTF-8"
    twice = False

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        twice = twice or len({name for name, _ in found}) < len(found)
        return dict(found)

    def refuse(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
    except ValueError:
        return "not JSON"
    if twice:
        return "twice"
    return "half" if HALF.search(json.dumps(value, ensure_ascii=False)) else "fine"


REASONS: dict[str, set[str | None]] = {
    "fine": {None},
    "not UTF-8": {"body: not UTF-8"},
    "not JSON": {"body: not JSON", "body: more behind its JSON value"},
    "half": {"body: half a surrogate pair"},
    "twice": {"body: a property twice"},
}


@pytest.fixture(scope="module")
def judged(spark: SparkSession) -> list[tuple[str | None, str | None]]:
    all_of_them = [*BODIES, *(body for body, _ in DEEP)]
    rows = ", ".join(f"({at}, X'{body.hex()}')" for at, body in enumerate(all_of_them))
    bodies = spark.sql(f"SELECT * FROM VALUES {rows} AS bodies (at, _body)")
    found = check_json(read_bodies(bodies, NONCE), CONTRACT).select("at", "_unread", "v").collect()
    assert len(found) == len(all_of_them)
    return [(row["_unread"], row["v"]) for row in sorted(found, key=lambda row: row["at"])]


def test_a_body_is_judged_as_pythons_reader_judges_it(
    judged: list[tuple[str | None, str | None]],
) -> None:
    differences = [
        (body[:60], kind, reason)
        for body, (reason, _) in zip(BODIES, judged, strict=False)
        if reason not in REASONS[kind := wanted(body)]
    ]
    assert differences == []


def test_a_text_is_read_to_the_character(judged: list[tuple[str | None, str | None]]) -> None:
    texts = 0
    for body, (reason, read) in zip(BODIES, judged, strict=False):
        value = json.loads(body.decode().removeprefix("\ufeff")) if reason is None else None
        if isinstance(value, dict) and isinstance(value.get("v"), str):
            texts += 1
            assert read == value["v"], body[:60]
    assert texts > 20


def test_a_body_may_be_very_deep_or_very_long(judged: list[tuple[str | None, str | None]]) -> None:
    deep = judged[len(BODIES) :]
    assert [reason for reason, _ in deep] == [reason for _, reason in DEEP]
    assert len(deep[-1][1] or "") == 1_000_000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"v":"a"}{"v":"b"}', "body: more behind its JSON value"),
        (b'{"a":1,"a":1}', "body: a property twice"),
        (rb'{"v":"\ud83d"}', "body: half a surrogate pair"),
        (b'\xef\xbb\xbf{"v":"a"}', None),
        (rb'{"v":"\\ud83d"}', None),
        (rb'{"v":"\u0000"}', None),
    ],
)
def test_a_reason_says_what_is_wrong(
    judged: list[tuple[str | None, str | None]], body: bytes, reason: str | None
) -> None:
    assert judged[BODIES.index(body)][0] == reason
