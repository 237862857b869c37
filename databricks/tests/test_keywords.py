"""The value of each keyword of a property, at its bounds. The sentences: test_contract."""

from __future__ import annotations

from typing import Any

import pytest

from assay_jobs.contract.grammar import find_mistakes, kind_of
from assay_jobs.contract.keywords import find_note_mistake, find_range_mistakes, shown

LONG = "x" * 40


def told(keywords: dict[str, Any]) -> list[str]:
    mistakes = find_mistakes({"properties": {"a": keywords}})
    return [f"{each.path[-1]}: {each.message}" for each in mistakes]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ({}, "an object"),
        ([1], "a list"),
        ([], "an empty list"),
        (1.5, "1.5"),
        ("a", "'a'"),
        (LONG, f"'{LONG}'"),
        (LONG + "y", f"'{LONG}…'"),
        (10**40, "1" + "0" * 39 + "…"),
    ],
)
def test_a_value_is_shown_in_few_letters(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("upper", "lower", "is_wrong_when_equal"),
    [
        ("maximum", "minimum", False),
        ("maximum", "exclusiveMinimum", True),
        ("exclusiveMaximum", "minimum", True),
        ("exclusiveMaximum", "exclusiveMinimum", True),
        ("maxLength", "minLength", False),
    ],
)
def test_limits_leave_a_value_between_them(
    upper: str, lower: str, is_wrong_when_equal: bool
) -> None:
    def wrong(high: int, low: int) -> list[tuple[str, str]]:
        return list(find_range_mistakes({upper: high, lower: low}))

    told = [(upper, f"no value lies between {lower} 3 and {upper} 2")]
    assert wrong(2, 3) == told
    assert wrong(4, 3) == []
    equal = [(upper, f"no value lies between {lower} 3 and {upper} 3")]
    assert wrong(3, 3) == (equal if is_wrong_when_equal else [])


@pytest.mark.parametrize("keyword", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
def test_a_limit_is_a_number(keyword: str) -> None:
    assert told({"type": "number", keyword: 0}) == []
    for wrong in ("1", True, None, float("inf")):
        assert told({"type": "number", keyword: wrong}) != []


@pytest.mark.parametrize("keyword", ["minLength", "maxLength"])
def test_a_length_is_a_whole_number_from_nothing_on(keyword: str) -> None:
    for right in (0, 1, 2.0):
        assert told({"type": "string", keyword: right}) == []
    for wrong in (-1, 0.5, "1"):
        assert told({"type": "string", keyword: wrong}) != []


@pytest.mark.parametrize("keyword", ["title", "description", "$comment"])
def test_a_note_is_a_text(keyword: str) -> None:
    assert told({"type": "string", keyword: "a"}) == []
    assert find_note_mistake(keyword, 1) == ("1 cannot stand here", "Write a text.")


@pytest.mark.parametrize("keyword", ["$schema", "$id"])
def test_a_name_of_a_schema_is_a_text(keyword: str) -> None:
    assert find_note_mistake(keyword, 1) == ("1 cannot stand here", "Write a text.")


@pytest.mark.parametrize("keyword", ["deprecated", "readOnly", "writeOnly"])
def test_a_mark_is_true_or_false(keyword: str) -> None:
    assert find_note_mistake(keyword, True) is None
    assert find_note_mistake(keyword, 1) == ("1 cannot stand here", "Write true or false.")


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("string", "a", 1),
        ("boolean", True, 1),
        ("integer", 2.0, 1.5),
        ("number", 1.5, True),
    ],
)
def test_what_may_stand_has_the_type_of_the_property(kind: str, right: Any, wrong: Any) -> None:
    for keyword, value in (("enum", lambda each: [right, each]), ("const", lambda each: each)):
        assert told({"type": kind, keyword: value(right)}) == []
        assert told({"type": kind, keyword: value(wrong)}) == [
            f"{keyword}: {shown(wrong)} is no {kind}, which the type asks for"
        ]
        assert told({"type": [kind, "null"], keyword: value(None)}) == []
        for types in (kind, [kind]):
            assert told({"type": types, keyword: value(None)}) == [
                f"{keyword}: null is no {kind}, which the type asks for"
            ]


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ("string", "string"),
        (["string", "null"], "string"),
        (["null", "integer", "number"], "number"),
        (["number", "integer"], "number"),
        (["string", "integer"], None),
        ("null", None),
        ([], None),
        ("text", None),
        ([1], None),
    ],
)
def test_a_property_has_one_type_beside_null(types: object, kind: str | None) -> None:
    assert kind_of(types) == kind


def test_limits_are_compared_once_all_keywords_are_right() -> None:
    wrong = {"type": "number", "minimum": 3, "maximum": 2, "zzz": 1}
    assert [each.split(":")[0] for each in told(wrong)] == ["zzz"]


def test_what_is_wrong_with_one_property_hides_no_other() -> None:
    mistakes = find_mistakes({"properties": {"a": 1, "b": {"type": "text"}}})
    assert [each.path for each in mistakes] == [("properties", "a"), ("properties", "b", "type")]


def test_columns_that_differ_in_case_alone_are_one() -> None:
    string = {"type": "string"}
    mistakes = list(find_mistakes({"properties": {"straße": string, "ab": string, "aB": string}}))
    assert "is the column ab already" in mistakes[-1].message
    [mistake] = find_mistakes({"properties": {"_X9 ü_": string}})
    assert mistake.instead.endswith('such as "x-column": "x9".')
