"""What a contract may say. What it does to bodies: test_bodies, test_contract_differential."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.contract import find_mistakes, read_contract
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


FIRST = ("properties", "a")
# What is wrong with the property a: where it is told, and in which words.
TOLD: list[tuple[Any, tuple[str, ...], str]] = [
    ("integer", (), "write an object with a type."),
    ({"type": "text"}, ("type",), "type must be integer, number, string or boolean, alone or with null."),
    ({"type": "integer", "minmum": 1}, ("minmum",), "unknown key. Did you mean minimum?"),
    ({"type": "string", "maxlength": 1}, ("maxlength",), "unknown key. Did you mean maxLength?"),
    ({"type": "boolean", "zzz": 1}, ("zzz",), "unknown key. There are: type, enum, const, title, description, $comment."),
    ({"type": "number", "minimum": "1"}, ("minimum",), "write a number."),
    ({"type": "number", "maximum": True}, ("maximum",), "write a number."),
    ({"type": "string", "minLength": -1}, ("minLength",), "write a length."),
    ({"type": "string", "maxLength": 1.5}, ("maxLength",), "write a length."),
    ({"type": "string", "pattern": 1}, ("pattern",), "write a regular expression."),
    ({"type": "string", "pattern": "("}, ("pattern",), "the pattern is not valid: missing ), unterminated subpattern at position 0"),
    ({"type": "string", "format": "email"}, ("format",), "format email is not checked"),
    ({"type": "string", "x-parse": 1}, ("x-parse",), 'write a pattern of date and time, such as "yyyy/MM/dd HH:mm".'),
    ({"type": "string", "enum": []}, ("enum",), "write a list of the values that are allowed."),
    ({"type": "string", "title": 1}, ("title",), "write a text."),
    ({"type": "number", "minimum": 2, "maximum": 1}, ("maximum",), "no value lies between minimum 2 and maximum 1."),
    ({"type": "number", "exclusiveMinimum": 1, "maximum": 1}, ("maximum",), "no value lies between exclusiveMinimum 1 and maximum 1."),
    ({"type": "string", "minLength": 2, "maxLength": 1}, ("maxLength",), "no value lies between minLength 2 and maxLength 1."),
]  # fmt: skip
ROOT_TOLD: list[tuple[Any, tuple[str | int, ...], str]] = [
    ([], (), "write an object with the properties of one event."),
    ({"properties": {}, "type": "array"}, ("type",), "write object: one event is one object."),
    ({"properties": {}, "requird": []}, ("requird",), "unknown key. Did you mean required?"),
    ({"properties": {}, "additionalProperties": {}}, ("additionalProperties",), "write true or false."),
    ({"type": "object"}, ("properties",), "write the properties of one event."),
    ({"properties": {}, "required": "a"}, ("required",), "write a list of names of properties."),
    ({"properties": {}, "x-key": []}, ("x-key",), "write a list of names of properties."),
    ({"properties": {"abc": {"type": "string"}}, "required": ["abc", "abd"]}, ("required", 1), "abd is not among the properties. Did you mean abc?"),
    ({"properties": {"a-b": {"type": "string"}}}, ("properties", "a-b"), "is no name of a property"),
    ({"properties": {"a": {"type": "string"}, "A": {"type": "string"}}}, ("properties", "A"),
     "is the column a already, whose name differs in upper and lower case only"),
]  # fmt: skip


@pytest.mark.parametrize(("keywords", "path", "message"), TOLD, ids=[each[2] for each in TOLD])
def test_a_mistake_of_a_property_is_told_at_its_keyword(
    keywords: Any, path: tuple[str, ...], message: str
) -> None:
    [mistake] = find_mistakes({"type": "object", "properties": {"a": keywords}})
    assert (mistake.path, mistake.message) == ((*FIRST, *path), message)


@pytest.mark.parametrize(
    ("schema", "path", "message"), ROOT_TOLD, ids=[each[2] for each in ROOT_TOLD]
)
def test_a_mistake_of_the_whole_is_told_at_its_key(
    schema: Any, path: tuple[str | int, ...], message: str
) -> None:
    [mistake] = find_mistakes(schema)
    assert (mistake.path, mistake.message) == (path, message)


def test_all_mistakes_are_told_together() -> None:
    schema = {"properties": {"a": {"type": "x"}, "b": {"type": "string", "minimum": 1}}, "x": 1}
    assert [mistake.path[-1] for mistake in find_mistakes(schema)] == ["x", "type", "minimum"]


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
