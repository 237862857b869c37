"""A contract read into properties and rules, each rule a SQL condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assay_jobs import quoting as q
from assay_jobs.errors import InputError

from .grammar import column_of, find_mistakes, kind_of
from .instants import instant
from .patterns import to_java
from .repetition import longest_text

COLUMN_TYPES = {"integer": "bigint", "number": "double", "string": "string", "boolean": "boolean"}
BREAKS = {
    "minimum": "<", "maximum": ">", "exclusiveMinimum": "<=", "exclusiveMaximum": ">=",
    "minLength": "<", "maxLength": ">",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    reason: str
    broken: str
    """A SQL condition over the typed column; it is null, so not true, where there is no value."""


@dataclass(frozen=True)
class Property:
    name: str
    column: str
    type: str
    required: bool
    nullable: bool
    null_reason: str
    rules: tuple[Rule, ...]
    instant: str | None
    """The value as a timestamp in UTC, where the contract says how to read it as one."""

    @property
    def column_type(self) -> str:
        return COLUMN_TYPES[self.type]

    @property
    def is_integer(self) -> bool:
        return self.type == "integer"


@dataclass(frozen=True)
class Contract:
    properties: tuple[Property, ...]
    closed: bool
    key: tuple[str, ...]
    """The columns of `x-key`."""

    @property
    def columns(self) -> list[str]:
        return [q.name(each.column) for each in self.properties]

    def instant_of(self, name: str) -> str:
        for each in self.properties:
            if each.name == name and each.instant is not None:
                return each.instant
        raise refused(
            name, 'cannot be read as an event time. Write "format": "date-time", or "x-parse"'
        )


def refused(where: str, why: str) -> InputError:
    return InputError("CONTRACT_NOT_SUPPORTED", f"contract, {where}: {why}")


def read_contract(schema: dict[str, Any]) -> Contract:
    for mistake in find_mistakes(schema):
        where = ".".join(map(str, mistake.path)) or "the file"
        raise refused(where, f"{mistake.message}. {mistake.instead}".rstrip("."))
    required, key = schema.get("required", []), tuple(schema.get("x-key", []))
    columns = {name: column_of(name, keywords) for name, keywords in schema["properties"].items()}
    return Contract(
        properties=tuple(
            _property(name, keywords, required=name in required, is_key=name in key)
            for name, keywords in schema["properties"].items()
        ),
        closed=schema.get("additionalProperties", True) is False,
        key=tuple(columns[name] for name in key),
    )


def _property(name: str, keywords: dict[str, Any], *, required: bool, is_key: bool) -> Property:
    kind = kind_of(keywords["type"])
    assert kind is not None
    nullable, null_reason = "null" in keywords["type"], f"{name}: type {kind}"
    for keyword in ("enum", "const"):
        wanted_values = keywords.get(keyword)
        allowed = wanted_values if isinstance(wanted_values, list) else [wanted_values]
        if keyword in keywords and None not in allowed:
            nullable, null_reason = False, f"{name}: {keyword}" if nullable else null_reason
    if is_key:
        required, nullable, null_reason = True, False, f"{name}: x-key"
    column = column_of(name, keywords)
    return Property(
        name,
        column,
        kind,
        required,
        nullable,
        null_reason,
        tuple(_rules(name, q.name(column), kind, keywords)),
        instant(q.name(column), keywords),
    )


def _rules(name: str, column: str, kind: str, keywords: dict[str, Any]) -> Iterator[Rule]:
    for keyword, wanted in keywords.items():
        reason = f"{name}: {keyword}"
        match keyword:
            case "enum" | "const":
                allowed = wanted if keyword == "enum" else [wanted]
                values = [_value(kind, each) for each in allowed]
                listed = q.listed(value for value in values if value is not None)
                yield Rule(
                    reason, f"{column} NOT IN ({listed})" if listed else f"{column} IS NOT NULL"
                )
            case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
                broken = f"{column} {BREAKS[keyword]} {_bound(kind, wanted)}"
                yield Rule(f"{reason} {wanted}", broken)
            case "minLength" | "maxLength":
                broken = f"char_length({column}) {BREAKS[keyword]} {int(wanted)}"
                yield Rule(f"{reason} {wanted}", broken)
            case "pattern":
                broken = f"NOT {column} RLIKE {q.text(to_java(wanted))}"
                longest = longest_text(wanted)
                if longest is not None:
                    is_longer = f"char_length({column}) > {longest}"
                    too_long = f"{name}: more than {longest} characters for its pattern"
                    yield Rule(too_long, is_longer)
                    # CASE and not AND: Spark may work out both sides of an AND, and a text that is
                    # too long must not be matched.
                    broken = f"CASE WHEN {is_longer} THEN false ELSE {broken} END"
                yield Rule(f"{reason} {wanted}", broken)
            case "format" | "x-parse":
                yield Rule(
                    f"{reason} {wanted}",
                    f"{column} IS NOT NULL AND {instant(column, keywords, keyword)} IS NULL",
                )


def _bound(kind: str, wanted: int | float) -> str:
    """Beside a double a bigint would lose digits; a bound with a fraction is below 2^53 anyway."""
    return q.number(int(wanted) if kind == "integer" and wanted == int(wanted) else wanted)


def _value(kind: str, value: Any) -> str | None:
    """A value of enum or const in the column's type; None for one that it can never have."""
    if kind == "string":
        return q.text(value) if isinstance(value, str) else None
    if kind == "boolean":
        return q.literal(value) if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind == "number":
        return q.number(float(value))
    return q.number(int(value)) if value == int(value) else None
