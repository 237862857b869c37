"""What a contract may say: flat objects. Every mistake is found, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assay_jobs.suggestion import suggestion

from .keywords import (
    COLUMN_NAME,
    NOTES,
    find_keyword_mistake,
    find_note_mistake,
    find_range_mistakes,
    shown,
)

NAMES_OF_SCHEMAS = ("$schema", "$id")
ROOT_KEYWORDS = (*NAMES_OF_SCHEMAS, *NOTES, "type", "required", "properties",
                 "additionalProperties", "x-key")  # fmt: skip
SHARED = ("type", "enum", "const", "x-column", *NOTES)
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "x-parse")
KEYWORDS = {
    "integer": (*SHARED, *BOUNDS),
    "number": (*SHARED, *BOUNDS),
    "string": (*SHARED, "minLength", "maxLength", "pattern", "format", "x-parse"),
    "boolean": SHARED,
}
ONE_EVENT = "Write an object with the properties of one event."
LIST_OF_NAMES = "Write a list of names of properties."

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mistake:
    path: Path
    message: str
    instead: str
    """A sentence: what to write."""


def find_mistakes(schema: object) -> Iterator[Mistake]:
    if not isinstance(schema, dict):
        yield Mistake((), "the contract is no object", ONE_EVENT)
        return
    for keyword, value in schema.items():
        if keyword not in ROOT_KEYWORDS:
            known = [each for each in ROOT_KEYWORDS if each not in NAMES_OF_SCHEMAS + NOTES]
            yield Mistake((keyword,), "is an unknown key", suggestion(keyword, known))
        elif keyword in NAMES_OF_SCHEMAS + NOTES:
            found = find_note_mistake(keyword, value)
            if found is not None:
                yield Mistake((keyword,), *found)
    if schema.get("type", "object") != "object":
        instead = "Write object: one event is one object."
        yield Mistake(("type",), f"{shown(schema['type'])} cannot stand here", instead)
    if not isinstance(schema.get("additionalProperties", True), bool):
        message = f"{shown(schema['additionalProperties'])} cannot stand here"
        yield Mistake(("additionalProperties",), message, "Write true or false.")
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        wrong = f"{shown(properties)} cannot stand here" if "properties" in schema else "is missing"
        yield Mistake(("properties",), wrong, "Write the properties of one event.")
        return
    yield from _of_properties(properties)
    yield from _of_names("required", schema.get("required", []), properties)
    if schema.get("x-key") == []:
        yield Mistake(("x-key",), "an empty list cannot stand here", LIST_OF_NAMES)
    elif "x-key" in schema:
        yield from _of_names("x-key", schema["x-key"], properties)


def kind_of(types: object) -> str | None:
    """Of a property: its one type beside null. An integer or number is a number."""
    listed = types if isinstance(types, list) else [types]
    wanted = [each for each in listed if each != "null"]
    if sorted(map(str, wanted)) == ["integer", "number"]:
        return "number"
    if len(wanted) == 1 and isinstance(wanted[0], str) and wanted[0] in KEYWORDS:
        return wanted[0]
    return None


def column_of(name: str, keywords: dict[str, Any]) -> str:
    """A property's column has its name, or the one that `x-column` gives it."""
    return str(keywords.get("x-column", name))


def _of_names(keyword: str, names: object, properties: dict[str, Any]) -> Iterator[Mistake]:
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        wrong = "a list with more than names" if isinstance(names, list) else shown(names)
        yield Mistake((keyword,), f"{wrong} cannot stand here", LIST_OF_NAMES)
        return
    for index, name in enumerate(names):
        if name not in properties:
            message = f"{name} is not among the properties"
            yield Mistake((keyword, index), message, suggestion(name, list(properties)))
        elif names.index(name) < index:
            yield Mistake((keyword, index), f"{name} is there twice", "Write it once.")


def _of_properties(properties: dict[str, Any]) -> Iterator[Mistake]:
    columns: dict[str, str] = {}
    for name, keywords in properties.items():
        path: Path = ("properties", name)
        if not isinstance(keywords, dict):
            wrong = f"{shown(keywords)} cannot stand here"
            yield Mistake(path, wrong, 'Write an object with a type, such as { "type": "string" }.')
            continue
        column = column_of(name, keywords)
        if not name:
            yield Mistake(path, "the property has an empty name", "Write its name.")
        elif "x-column" not in keywords and not COLUMN_NAME.match(name):
            yield Mistake(path, *_no_column(name))
        other = columns.setdefault(column.lower(), name)
        if other != name:
            message = f"is the column {other} already"
            if column == name:
                message += ", whose name differs in upper and lower case only"
            instead = 'Write another name, or "x-column" with the name of a column of its own.'
            yield Mistake(path, message, instead)
        yield from _of_keywords(path, keywords)


def _no_column(name: str) -> tuple[str, str]:
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower()
    column = plain if COLUMN_NAME.match(plain) else "a_name"
    return (
        f"the property `{name}` cannot be the name of a column",
        f'Write "x-column" into it with a name of letters, digits and underscores, '
        f'a letter first, such as "x-column": "{column}".',
    )


def _of_keywords(path: Path, keywords: dict[str, Any]) -> Iterator[Mistake]:
    types = keywords.get("type")
    kind = kind_of(types)
    if kind is None:
        wrong = f"{shown(types)} is no type of a property" if "type" in keywords else "is missing"
        instead = "Write integer, number, string or boolean, alone or with null."
        yield Mistake((*path, "type"), wrong, instead)
        return
    has_mistake = False
    for keyword, value in keywords.items():
        if keyword in KEYWORDS[kind]:
            found = find_keyword_mistake(keyword, value, kind, types)
        elif any(keyword in others for others in KEYWORDS.values()):
            own = [each for each in KEYWORDS if keyword in KEYWORDS[each]]
            found = (
                f"is not checked for the type {kind}",
                f"Remove it, or write the type {' or '.join(own)}.",
            )
        else:
            found = "is an unknown key", suggestion(keyword, KEYWORDS[kind])
        if found is not None:
            has_mistake = True
            yield Mistake((*path, keyword), *found)
    if not has_mistake:
        for keyword, message in find_range_mistakes(keywords):
            yield Mistake(
                (*path, keyword), message, "Write a greater one, or a lesser other bound."
            )
