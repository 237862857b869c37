"""Rows against a contract: the typed columns; in `_problem` the first broken rule or null, which
holds no value and can be counted; and in `_problems` all that is wrong with the row.

Two front ends find for each property whether it is there and what it is; the rules are the same.
`_is_<column>` is null where the property is absent, else `null`, `type`, `range` or `fine`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from assay_jobs import quoting as q

from .problems import Problem, all_of, first_of
from .reader import Contract, Property
from .whole_numbers import is_whole, whole_number

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Names that need no quoting in a path, neither for Spark nor in a text of SQL.
IN_A_PATH = re.compile(r"[A-Za-z0-9_@-]+\Z")
DIGITS = r"'^[+-]?\\d+\\z'"
PLAIN_NUMBER = r"'^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\z'"


def check_json(rows: DataFrame, contract: Contract, *, is_written: bool = True) -> DataFrame:
    """Rows with `_value` and `_digits` as `read_bodies` leaves them, and in `_unread` why there is
    no value. `is_written`: by a producer, digit by digit; else it is Spark's text of a row, and a
    double in it is the number that it holds."""
    own = [f"{_member(each.name)} AS _at_{each.column}" for each in contract.properties]
    numbers = [each for each in contract.properties if each.type in ("integer", "number")]
    digits = _digits if is_written else lambda name: "CAST(NULL AS string)"
    own += [f"{digits(each.name)} AS _digits_{each.column}" for each in numbers]
    types = [f"schema_of_variant(_at_{each.column}) AS _type_{each.column}"
             for each in contract.properties]  # fmt: skip
    known = q.listed(q.text(each.name) for each in contract.properties)
    unknown = (
        "array_except(map_keys(try_variant_get(_value, '$', 'map<string,variant>')), "
        f"array({known}))"
    )
    problems = [
        Problem("_unread IS NOT NULL", "_unread", is_alone=True),
        Problem(
            "NOT startswith(schema_of_variant(_value), 'OBJECT<')",
            q.text("body: not an object"),
            is_alone=True,
        ),
        *(
            [
                Problem(
                    f"size({unknown}) > 0",
                    q.text("body: additionalProperties"),
                    f"concat_ws(', ', {unknown})",
                )
            ]
            if contract.closed
            else []
        ),
        *_problems_of(
            contract, "to_json(_at_{column})", "coalesce(_digits_{column}, to_json(_at_{column}))"
        ),
    ]
    whole = [_json_whole(each, is_written) for each in contract.properties if each.is_integer]
    return (
        rows.selectExpr("*", *own)
        .selectExpr("*", *types)
        .selectExpr("*", *whole)
        .selectExpr("*", *(_json_state(each, is_written) for each in contract.properties))
        .selectExpr("*", *(_json_value(each) for each in contract.properties))
        .selectExpr("*", f"{first_of(problems)} AS _problem")
        .selectExpr("*", f"{all_of(problems)} AS _problems")
    )


def check_text(rows: DataFrame, contract: Contract, *, swaps_decimals: bool = False) -> DataFrame:
    """Rows of a CSV file. The property at index n has its text in `_text_<n>`, null where it is
    absent: an empty field is. `swaps_decimals`: in numbers, comma and point have changed places,
    and are shown as they were."""
    texts = [f"_text_{n} AS _at_{each.column}" for n, each in enumerate(contract.properties)]
    swapped = "translate(_at_{column}, ',.', '.,')" if swaps_decimals else "_at_{column}"
    problems = list(_problems_of(contract, "_at_{column}", swapped))
    return (
        rows.selectExpr("*", *texts)
        .selectExpr("*", *(_text_value(each) for each in contract.properties))
        .selectExpr("*", *(_text_state(each) for each in contract.properties))
        .selectExpr("*", f"{first_of(problems)} AS _problem")
        .selectExpr("*", f"{all_of(problems)} AS _problems")
    )


def _problems_of(
    contract: Contract, shown: str, shown_number: str | None = None
) -> Iterator[Problem]:
    """`shown`: the value as a text, of a `{column}`; `shown_number`: that of a number."""
    for each in contract.properties:
        is_number = each.type in ("integer", "number")
        form = shown_number if is_number and shown_number is not None else shown
        state, value = f"_is_{each.column}", form.format(column=each.column)
        about = partial(Problem, place=each.name)
        if each.required:
            yield about(f"{state} IS NULL", q.text(f"{each.name}: required"))
        yield about(f"{state} = 'type'", q.text(f"{each.name}: type {each.type}"), value)
        if not each.nullable:
            yield about(f"{state} = 'null'", q.text(each.null_reason))
        size = "integer beyond 64 bits" if each.type == "integer" else "number beyond a double"
        yield about(f"{state} = 'range'", q.text(f"{each.name}: {size}"), value)
        for rule in each.rules:
            yield about(rule.broken, q.text(rule.reason), value)


def _member(name: str, of: str = "_value") -> str:
    """Of the object. A name that a path cannot say is looked up in the object's map."""
    if IN_A_PATH.match(name):
        return f"variant_get({of}, '$.{name}', 'variant')"
    return f"try_variant_get({of}, '$', 'map<string,variant>')[{q.text(name)}]"


def _digits(name: str) -> str:
    return f"try_variant_get({_member(name, '_digits')}, '$', 'string')"


def _json_whole(each: Property, is_written: bool) -> str:
    at, kind, digits = f"_at_{each.column}", f"_type_{each.column}", f"_digits_{each.column}"
    value = f"try_variant_get({at}, '$', 'bigint')"
    if is_written:
        value = f"CASE WHEN {kind} = 'DOUBLE' THEN {whole_number(digits)} ELSE {value} END"
    return f"{value} AS _whole_{each.column}"


def _json_state(each: Property, is_written: bool) -> str:
    at, kind = f"_at_{each.column}", f"_type_{each.column}"
    double = f"try_variant_get({at}, '$', 'double')"
    # By JSON Schema 1.0 and 5e0 are integers: Spark reads them as DECIMAL(1,0) and DOUBLE.
    whole = is_whole(f"_digits_{each.column}") if is_written else f"{double} % 1 = 0"
    fits = {
        "integer": [
            f"WHEN {kind} = 'BIGINT' THEN 'fine'",
            f"WHEN {kind} LIKE 'DECIMAL(%,0)' OR ({kind} = 'DOUBLE' AND {whole}) THEN "
            f"if(_whole_{each.column} IS NULL, 'range', 'fine')",
        ],
        "number": [
            f"WHEN {kind} IN ('BIGINT', 'DOUBLE') OR {kind} LIKE 'DECIMAL(%' THEN "
            f"if(abs({double}) = double('Infinity'), 'range', 'fine')"
        ],
        "string": [f"WHEN {kind} = 'STRING' THEN 'fine'"],
        "boolean": [f"WHEN {kind} = 'BOOLEAN' THEN 'fine'"],
    }[each.type]
    return (
        f"CASE WHEN {at} IS NULL THEN NULL WHEN {kind} = 'VOID' THEN 'null' "
        f"{' '.join(fits)} ELSE 'type' END AS _is_{each.column}"
    )


def _json_value(each: Property) -> str:
    read = f"try_variant_get(_at_{each.column}, '$', '{each.column_type}')"
    value = f"_whole_{each.column}" if each.is_integer else read
    return f"CASE WHEN _is_{each.column} = 'fine' THEN {value} END AS {q.name(each.column)}"


def _text_value(each: Property) -> str:
    at = f"_at_{each.column}"
    value = {
        # As in JSON 5.0 and 5e0 are integers.
        "integer": f"CASE WHEN {at} RLIKE {DIGITS} THEN try_cast({at} AS bigint) "
        f"WHEN {at} RLIKE {PLAIN_NUMBER} THEN {whole_number(at)} END",
        # A cast alone would take NaN, Infinity and Java's suffixes.
        "number": f"CASE WHEN {at} RLIKE {PLAIN_NUMBER} "
        f"AND abs(try_cast({at} AS double)) < double('Infinity') THEN try_cast({at} AS double) END",
        "string": at,
        "boolean": f"CASE lower({at}) WHEN 'true' THEN true WHEN 'false' THEN false END",
    }[each.type]
    return f"{value} AS {q.name(each.column)}"


def _text_state(each: Property) -> str:
    at, value = f"_at_{each.column}", q.name(each.column)
    beyond = {
        "integer": f"WHEN {value} IS NULL AND {at} RLIKE {PLAIN_NUMBER} AND {is_whole(at)} "
        "THEN 'range' ",
        "number": f"WHEN {value} IS NULL AND {at} RLIKE {PLAIN_NUMBER} THEN 'range' ",
    }.get(each.type, "")
    return (
        f"CASE WHEN {at} IS NULL THEN NULL {beyond}"
        f"WHEN {value} IS NULL THEN 'type' ELSE 'fine' END AS _is_{each.column}"
    )
