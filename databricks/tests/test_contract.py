"""What a contract may say. What it does to bodies: test_bodies, test_contract_differential."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.contract import read_contract
from assay_jobs.contract.patterns import PatternError, to_java
from assay_jobs.errors import InputError

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown keyword": ({"type": "string", "contentEncoding": "base64"}, "contentEncoding"),
    "a keyword of another type": ({"type": "string", "minimum": 1}, "minimum"),
    "multipleOf": ({"type": "number", "multipleOf": 0.1}, "multipleOf"),
    "a nested object": ({"type": "object"}, "type must be"),
    "two types": ({"type": ["string", "integer"]}, "type must be"),
    "no type": ({"enum": [1]}, "type must be"),
    "another format": ({"type": "string", "format": "email"}, "format email"),
    "a zone in x-parse": ({"type": "string", "x-parse": "yyyy-MM-dd z"}, "x-parse"),
    "a look-behind": ({"type": "string", "pattern": "(?<=a)b"}, "(?<"),
    "a unicode class": ({"type": "string", "pattern": r"\p{L}"}, r"\p"),
    "a pattern that is none": ({"type": "string", "pattern": "("}, "not valid"),
}


@pytest.mark.parametrize(("keywords", "part"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_checked_is_refused(keywords: dict[str, Any], part: str) -> None:
    with pytest.raises(InputError) as error:
        read_contract({"type": "object", "properties": {"a": keywords}})
    assert part in str(error.value) and "contract" in str(error.value)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "oneOf": []},
        {"type": "array"},
        {"type": "object", "required": ["a"]},
        {"type": "object", "x-key": ["a"]},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "object", "properties": {"a b": {"type": "string"}}},
        {"type": "object", "properties": {"_batch": {"type": "string"}}},
        {"type": "object", "properties": {"a": {"type": "string"}, "A": {"type": "string"}}},
    ],
)
def test_a_root_that_cannot_be_checked_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="contract"):
        read_contract(schema)


def test_an_event_time_must_be_readable() -> None:
    contract = read_contract({"type": "object", "properties": {"at": {"type": "string"}}})
    with pytest.raises(InputError, match="needs x-parse"):
        contract.instant_of("at")


@pytest.mark.parametrize(
    ("pattern", "java"),
    [
        ("^[A-Z0-9]{3}$", r"^[A-Z0-9]{3}\z"),
        (r"\$[$]\.$", r"\$[$]\.\z"),
        ("^(?:a|b)*?(?=c)", "^(?:a|b)*?(?=c)"),
        ("a.[.]", r"a[^\n\r\u2028\u2029][.]"),
    ],
)
def test_the_end_of_a_pattern_is_the_end_of_the_text(pattern: str, java: str) -> None:
    assert to_java(pattern) == java


@pytest.mark.parametrize(
    "pattern", ["a++", "[a&&b]", "[[a]", "[]", r"\A", r"\1", "(?i)a", "[a", r"[^\S]"]
)
def test_what_java_reads_otherwise_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        to_java(pattern)
