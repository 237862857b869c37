"""What a contract may say. What it does to bodies: test_bodies, test_contract_differential."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.contract import Mistake, find_mistakes, read_contract
from assay_jobs.contract.keywords import PATTERN_INSTEAD
from assay_jobs.contract.patterns import PatternError, to_java
from assay_jobs.errors import InputError

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown keyword": ({"type": "string", "contentEncoding": "base64"}, "contentEncoding"),
    "a keyword of another type": ({"type": "string", "minimum": 1}, "minimum"),
    "multipleOf": ({"type": "number", "multipleOf": 0.1}, "multipleOf"),
    "a nested object": ({"type": "object"}, "no type of a property"),
    "two types": ({"type": ["string", "integer"]}, "no type of a property"),
    "no type": ({"enum": [1]}, "type: is missing"),
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
TYPES = "Write integer, number, string or boolean, alone or with null."
BOUND = "Write a greater one, or a lesser other bound."
COLUMN = "Write letters, digits and underscores, a letter first, such as device_id."
# What is wrong with the property a: where it is told, in which words, and what to write.
TOLD: list[tuple[Any, tuple[str, ...], str, str]] = [
    ("integer", (), "'integer' cannot stand here", 'Write an object with a type, such as { "type": "string" }.'),
    ({"type": "text"}, ("type",), "'text' is no type of a property", TYPES),
    ({"type": []}, ("type",), "an empty list is no type of a property", TYPES),
    ({}, ("type",), "is missing", TYPES),
    ({"type": "integer", "minmum": 1}, ("minmum",), "is an unknown key", "Did you mean minimum?"),
    ({"type": "string", "maxlength": 1}, ("maxlength",), "is an unknown key", "Did you mean maxLength?"),
    ({"type": "boolean", "zzz": 1}, ("zzz",), "is an unknown key", "Write one of type, enum, const, x-column, title, description, $comment, default, examples, deprecated, readOnly, writeOnly."),
    ({"type": "string", "minimum": 1}, ("minimum",), "is not checked for the type string", "Remove it, or write the type integer or number."),
    ({"type": "number", "minimum": "1"}, ("minimum",), "'1' cannot stand here", "Write a number."),
    ({"type": "number", "maximum": True}, ("maximum",), "true cannot stand here", "Write a number."),
    ({"type": "string", "minLength": -1}, ("minLength",), "-1 cannot stand here", "Write a length: a whole number, 0 at least."),
    ({"type": "string", "maxLength": 1.5}, ("maxLength",), "1.5 cannot stand here", "Write a length: a whole number, 0 at least."),
    ({"type": "string", "pattern": 1}, ("pattern",), "1 cannot stand here", "Write a regular expression."),
    ({"type": "string", "pattern": "("}, ("pattern",), "the pattern is not valid: missing ), unterminated subpattern at position 0", PATTERN_INSTEAD),
    ({"type": "string", "format": "email"}, ("format",), "format email is not checked", "Write date or date-time."),
    ({"type": "string", "format": 1}, ("format",), "1 cannot stand here", "Write date or date-time."),
    ({"type": "string", "x-parse": 1}, ("x-parse",), "1 cannot stand here", 'Write a layout of date and time, such as "yyyy/MM/dd HH:mm".'),
    ({"type": "string", "x-parse": "YYYY-MM-DD"}, ("x-parse",), "'YYYY-MM-DD' is no layout that can be read", 'Write the letters y M d H m s S, such as "yyyy/MM/dd HH:mm", or epoch-seconds or epoch-milliseconds.'),
    ({"type": "string", "x-parse": "yyyy-MM-ddd"}, ("x-parse",), "'yyyy-MM-ddd' is no layout that can be read", 'Write the letters y M d H m s S, such as "yyyy/MM/dd HH:mm", or epoch-seconds or epoch-milliseconds.'),
    ({"type": "string", "x-parse": "yyyy-mm-dd"}, ("x-parse",), "mm is minutes, and the layout has no hours", "Write MM for the month, or add HH."),
    ({"type": "string", "x-parse": "yyyy'T"}, ("x-parse",), "a quote ' of the layout is not closed", 'Write a layout such as "yyyy/MM/dd HH:mm".'),
    ({"type": "integer", "x-parse": "yyyyMMdd"}, ("x-parse",), "'yyyyMMdd' is no way to read a number as an instant", "Write epoch-seconds or epoch-milliseconds, or the type string."),
    ({"type": "boolean", "x-parse": "epoch-seconds"}, ("x-parse",), "is not checked for the type boolean", "Remove it, or write the type integer or number or string."),
    ({"type": "string", "enum": []}, ("enum",), "an empty list cannot stand here", "Write a list of values."),
    ({"type": "string", "enum": ["a", 1]}, ("enum",), "1 is no string, which the type asks for", "Write values of the type string, or change the type."),
    ({"type": "integer", "enum": [1, 1.5]}, ("enum",), "1.5 is no integer, which the type asks for", "Write values of the type integer, or change the type."),
    ({"type": "integer", "const": True}, ("const",), "true is no integer, which the type asks for", "Write values of the type integer, or change the type."),
    ({"type": "boolean", "const": "true"}, ("const",), "'true' is no boolean, which the type asks for", "Write values of the type boolean, or change the type."),
    ({"type": "number", "enum": [1, None]}, ("enum",), "null is no number, which the type asks for", 'Write "type": ["number", "null"], or leave null out.'),
    ({"type": "string", "title": 1}, ("title",), "1 cannot stand here", "Write a text."),
    ({"type": "string", "deprecated": "yes"}, ("deprecated",), "'yes' cannot stand here", "Write true or false."),
    ({"type": "string", "examples": "a"}, ("examples",), "'a' cannot stand here", "Write a list of values."),
    ({"type": "string", "x-column": "a b"}, ("x-column",), "a b is no name of a column", COLUMN),
    ({"type": "string", "x-column": "_batch"}, ("x-column",), "_batch is no name of a column", COLUMN),
    ({"type": "string", "x-column": 1}, ("x-column",), "1 cannot stand here", COLUMN),
    ({"type": "number", "minimum": 2, "maximum": 1}, ("maximum",), "no value lies between minimum 2 and maximum 1", BOUND),
    ({"type": "number", "exclusiveMinimum": 1, "maximum": 1}, ("maximum",), "no value lies between exclusiveMinimum 1 and maximum 1", BOUND),
    ({"type": "string", "minLength": 2, "maxLength": 1}, ("maxLength",), "no value lies between minLength 2 and maxLength 1", BOUND),
]  # fmt: skip
A: dict[str, Any] = {"type": "string"}
NAMES = "Write a list of names of properties."
ANOTHER = 'Write another name, or "x-column" with the name of a column of its own.'
ROOT_TOLD: list[tuple[Any, tuple[str | int, ...], str, str]] = [
    ([], (), "the contract is no object", "Write an object with the properties of one event."),
    ({"properties": {}, "type": "array"}, ("type",), "'array' cannot stand here", "Write object: one event is one object."),
    ({"properties": {}, "requird": []}, ("requird",), "is an unknown key", "Did you mean required?"),
    ({"properties": {}, "oneOf": []}, ("oneOf",), "is an unknown key", "Write one of type, required, properties, additionalProperties, x-key."),
    ({"properties": {}, "additionalProperties": {}}, ("additionalProperties",), "an object cannot stand here", "Write true or false."),
    ({"type": "object"}, ("properties",), "is missing", "Write the properties of one event."),
    ({"properties": []}, ("properties",), "an empty list cannot stand here", "Write the properties of one event."),
    ({"properties": {}, "required": "a"}, ("required",), "'a' cannot stand here", NAMES),
    ({"properties": {}, "required": [1]}, ("required",), "a list with more than names cannot stand here", NAMES),
    ({"properties": {}, "x-key": []}, ("x-key",), "an empty list cannot stand here", NAMES),
    ({"properties": {"abc": A}, "required": ["abc", "abd"]}, ("required", 1), "abd is not among the properties", "Did you mean abc?"),
    ({"properties": {"a": A}, "x-key": ["a", "a"]}, ("x-key", 1), "a is there twice", "Write it once."),
    ({"properties": {}, "examples": {}}, ("examples",), "an object cannot stand here", "Write a list of values."),
    ({"properties": {"": A}}, ("properties", ""), "the property has an empty name", "Write its name."),
    ({"properties": {"a": A, "A": A}}, ("properties", "A"), "is the column a already, whose name differs in upper and lower case only", ANOTHER),
    ({"properties": {"a": A, "@a": {**A, "x-column": "A"}}}, ("properties", "@a"), "is the column a already", ANOTHER),
]  # fmt: skip


@pytest.mark.parametrize(
    ("keywords", "path", "message", "instead"), TOLD, ids=[each[2] for each in TOLD]
)
def test_a_mistake_of_a_property_is_told_at_its_keyword(
    keywords: Any, path: tuple[str, ...], message: str, instead: str
) -> None:
    [mistake] = find_mistakes({"type": "object", "properties": {"a": keywords}})
    assert mistake == Mistake((*FIRST, *path), message, instead)


@pytest.mark.parametrize(
    ("schema", "path", "message", "instead"), ROOT_TOLD, ids=[each[2] for each in ROOT_TOLD]
)
def test_a_mistake_of_the_whole_is_told_at_its_key(
    schema: Any, path: tuple[str | int, ...], message: str, instead: str
) -> None:
    [mistake] = find_mistakes(schema)
    assert mistake == Mistake(path, message, instead)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("device-id", "device_id"),
        ("_id", "id"),
        ("@timestamp", "timestamp"),
        ("Order ID", "order_id"),
        ("1st", "a_name"),
        ("größe", "gr_e"),
    ],
)
def test_a_property_that_names_no_column_is_told_to_have_x_column(name: str, column: str) -> None:
    [mistake] = find_mistakes({"properties": {name: A}})
    assert (mistake.path, mistake.message) == (
        ("properties", name),
        f"the property `{name}` cannot be the name of a column",
    )
    assert f'such as "x-column": "{column}".' in mistake.instead
    contract = read_contract(
        {"properties": {name: {**A, "x-column": column}}, "x-key": [name], "required": [name]}
    )
    assert contract.columns == [f"`{column}`"] and contract.key == (column,)
    assert contract.properties[0].name == name


def test_annotations_say_nothing_about_a_value() -> None:
    notes = {"default": "x", "examples": ["a"], "title": "A", "deprecated": True,
             "description": "the a", "$comment": "later", "readOnly": False}  # fmt: skip
    plain = read_contract({"properties": {"a": A}})
    assert read_contract({"properties": {"a": {**A, **notes}}, **notes}) == plain


def test_all_mistakes_are_told_together() -> None:
    schema = {"properties": {"a": {"type": "x"}, "b": {"type": "string", "minimum": 1}}, "x": 1}
    assert [mistake.path[-1] for mistake in find_mistakes(schema)] == ["x", "type", "minimum"]


def test_an_event_time_must_be_readable() -> None:
    contract = read_contract({"type": "object", "properties": {"at": {"type": "string"}}})
    with pytest.raises(InputError, match='Write "format": "date-time", or "x-parse"'):
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
