"""What a contract may say: flat objects. Every mistake is found, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assay_jobs.suggestion import suggestion

from .keywords import find_keyword_mistake, find_range_mistakes

COLUMN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
TEXTS = ("$schema", "$id", "$comment", "title", "description")
ROOT_KEYWORDS = (*TEXTS, "type", "required", "properties", "additionalProperties", "x-key")
NOTES = ("type", "enum", "const", "title", "description", "$comment")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
KEYWORDS = {
    "integer": (*NOTES, *BOUNDS),
    "number": (*NOTES, *BOUNDS),
    "string": (*NOTES, "minLength", "maxLength", "pattern", "format", "x-parse"),
    "boolean": NOTES,
}

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mistake:
    path: Path
    message: str
    instead: str = ""


def find_mistakes(schema: object) -> Iterator[Mistake]:
    if not isinstance(schema, dict):
        yield Mistake((), "write an object with the properties of one event.")
        return
    for keyword in schema:
        if keyword not in ROOT_KEYWORDS:
            near = suggestion(keyword, [each for each in ROOT_KEYWORDS if each not in TEXTS[:3]])
            yield Mistake((keyword,), f"unknown key. {near}".strip())
        elif keyword in TEXTS and not isinstance(schema[keyword], str):
            yield Mistake((keyword,), "write a text.")
    if schema.get("type", "object") != "object":
        yield Mistake(("type",), "write object: one event is one object.")
    if not isinstance(schema.get("additionalProperties", True), bool):
        yield Mistake(("additionalProperties",), "write true or false.")
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        yield Mistake(("properties",), "write the properties of one event.")
        return
    yield from _of_properties(properties)
    yield from _of_names("required", schema.get("required", []), properties)
    if "x-key" in schema:
        yield from _of_names("x-key", schema["x-key"] or None, properties)


def kind_of(types: object) -> str | None:
    """Of a property: its one type beside null. An integer or number is a number."""
    listed = types if isinstance(types, list) else [types]
    wanted = [each for each in listed if each != "null"]
    if sorted(map(str, wanted)) == ["integer", "number"]:
        return "number"
    if len(wanted) == 1 and isinstance(wanted[0], str) and wanted[0] in KEYWORDS:
        return wanted[0]
    return None


def _of_names(keyword: str, names: object, properties: dict[str, Any]) -> Iterator[Mistake]:
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        yield Mistake((keyword,), "write a list of names of properties.")
        return
    for index, name in enumerate(names):
        if name not in properties:
            near = suggestion(name, list(properties))
            message = f"{name} is not among the properties. {near}".strip()
            yield Mistake((keyword, index), message)


def _of_properties(properties: dict[str, Any]) -> Iterator[Mistake]:
    columns: dict[str, str] = {}
    for name, keywords in properties.items():
        path: Path = ("properties", name)
        other = columns.setdefault(name.lower(), name)
        if not COLUMN_NAME.match(name):
            yield Mistake(
                path,
                "is no name of a property",
                "letters, digits and underscores, a letter first.",
            )
        elif other != name:
            yield Mistake(
                path,
                f"is the column {other} already, whose name differs in upper and lower case only",
                "write another name.",
            )
        if isinstance(keywords, dict):
            yield from _of_keywords(path, keywords)
        else:
            yield Mistake(path, "write an object with a type.")


def _of_keywords(path: Path, keywords: dict[str, Any]) -> Iterator[Mistake]:
    kind = kind_of(keywords.get("type"))
    if kind is None:
        yield Mistake(
            (*path, "type"),
            "type must be integer, number, string or boolean, alone or with null.",
        )
        return
    has_mistake = False
    for keyword, value in keywords.items():
        if keyword not in KEYWORDS[kind]:
            near = suggestion(keyword, KEYWORDS[kind])
            found: tuple[str, str] | None = (f"unknown key. {near}".strip(), "")
        else:
            found = find_keyword_mistake(keyword, value)
        if found is not None:
            has_mistake = True
            yield Mistake((*path, keyword), *found)
    if not has_mistake:
        for keyword, message in find_range_mistakes(keywords):
            yield Mistake((*path, keyword), message)
