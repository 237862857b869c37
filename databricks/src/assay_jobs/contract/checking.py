"""Rows against a contract: the typed columns, and in `_problem` the first broken rule or null.

Two front ends find for each property whether it is there and what it is; the rules are the same.
`_is_<column>` is null where the property is absent, else `null`, `type`, `range` or `fine`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay_jobs import quoting as q

from .reader import Contract, Property

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Names that need no quoting in a path, neither for Spark nor in a text of SQL.
IN_A_PATH = re.compile(r"[A-Za-z0-9_@-]+\Z")
WHOLE_NUMBER = r"'^[+-]?\\d+(\\.0*)?\\z'"
PLAIN_NUMBER = r"'^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\z'"


def check_json(rows: DataFrame, contract: Contract, nonce: str) -> DataFrame:
    """Rows with a `_body`. The sentinel behind the body proves that the body was read to its end:
    Spark ignores whatever follows the first value."""
    closing = f',"{nonce}"]'
    parsed = f"try_parse_json(concat('[', CAST(_body AS string), {q.text(closing)}))"
    whole = (
        f"try_variant_get(_read, '$[1]', 'string') <=> {q.text(nonce)} "
        "AND variant_get(_read, '$[2]', 'variant') IS NULL"
    )
    own = [f"{_member(each.name)} AS _at_{each.column}" for each in contract.properties]
    types = [f"schema_of_variant(_at_{each.column}) AS _type_{each.column}"
             for each in contract.properties]  # fmt: skip
    known = q.listed(q.text(each.name) for each in contract.properties)
    unknown = (
        "size(array_except(map_keys(try_variant_get(_value, '$', 'map<string,variant>')), "
        f"array({known}))) > 0"
    )
    problem = _problem(
        contract,
        ("body: absent", "_body IS NULL"),
        ("body: not UTF-8", "NOT is_valid_utf8(_body)"),
        ("body: not JSON", "_value IS NULL"),
        ("body: not an object", "NOT startswith(schema_of_variant(_value), 'OBJECT<')"),
        *([("body: additionalProperties", unknown)] if contract.closed else []),
    )
    return (
        rows.selectExpr("*", f"CASE WHEN is_valid_utf8(_body) THEN {parsed} END AS _read")
        .selectExpr(
            "*",
            f"CASE WHEN {whole} THEN variant_get(_read, '$[0]', 'variant') END AS _value",
        )
        .selectExpr("*", *own)
        .selectExpr("*", *types)
        .selectExpr("*", *(_json_state(each) for each in contract.properties))
        .selectExpr("*", *(_json_value(each) for each in contract.properties))
        .selectExpr("*", f"{problem} AS _problem")
    )


def check_text(rows: DataFrame, contract: Contract) -> DataFrame:
    """Rows of a CSV file. The property at index n has its text in `_text_<n>`, null where it is
    absent: an empty field is."""
    texts = [f"_text_{n} AS _at_{each.column}" for n, each in enumerate(contract.properties)]
    return (
        rows.selectExpr("*", *texts)
        .selectExpr("*", *(_text_value(each) for each in contract.properties))
        .selectExpr("*", *(_text_state(each) for each in contract.properties))
        .selectExpr("*", f"{_problem(contract)} AS _problem")
    )


def _problem(contract: Contract, *before: tuple[str, str]) -> str:
    cases = [f"WHEN {broken} THEN {q.text(reason)}" for reason, broken in before]
    for each in contract.properties:
        state = f"_is_{each.column}"
        if each.required:
            cases.append(f"WHEN {state} IS NULL THEN {q.text(f'{each.name}: required')}")
        cases.append(f"WHEN {state} = 'type' THEN {q.text(f'{each.name}: type {each.type}')}")
        if not each.nullable:
            cases.append(f"WHEN {state} = 'null' THEN {q.text(each.null_reason)}")
        size = "integer beyond 64 bits" if each.type == "integer" else "number beyond a double"
        cases.append(f"WHEN {state} = 'range' THEN {q.text(f'{each.name}: {size}')}")
        cases.extend(f"WHEN {rule.broken} THEN {q.text(rule.reason)}" for rule in each.rules)
    return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS string)"


def _member(name: str) -> str:
    """Of the object in `_value`. A name that a path cannot say is looked up in the object's map."""
    if IN_A_PATH.match(name):
        return f"variant_get(_value, '$.{name}', 'variant')"
    return f"try_variant_get(_value, '$', 'map<string,variant>')[{q.text(name)}]"


def _json_state(each: Property) -> str:
    at, kind = f"_at_{each.column}", f"_type_{each.column}"
    double = f"try_variant_get({at}, '$', 'double')"
    # By JSON Schema 1.0 and 5e0 are integers: Spark reads them as DECIMAL(1,0) and DOUBLE.
    whole = f"({kind} = 'DOUBLE' AND {double} % 1 = 0)"
    fits = {
        "integer": [
            f"WHEN {kind} = 'BIGINT' THEN 'fine'",
            f"WHEN {kind} LIKE 'DECIMAL(%,0)' OR {whole} THEN "
            f"if(try_variant_get({at}, '$', 'bigint') IS NULL, 'range', 'fine')",
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
    value = f"try_variant_get(_at_{each.column}, '$', '{each.column_type}')"
    return f"CASE WHEN _is_{each.column} = 'fine' THEN {value} END AS {q.name(each.column)}"


def _text_value(each: Property) -> str:
    at = f"_at_{each.column}"
    value = {
        # As in JSON 5.0 and 5e0 are integers.
        "integer": f"CASE WHEN {at} RLIKE {WHOLE_NUMBER} "
        f"THEN try_cast(substring_index({at}, '.', 1) AS bigint) "
        f"WHEN {at} RLIKE {PLAIN_NUMBER} AND try_cast({at} AS double) % 1 = 0 "
        f"THEN try_cast(try_cast({at} AS double) AS bigint) END",
        # A cast alone would take NaN, Infinity and Java's suffixes.
        "number": f"CASE WHEN {at} RLIKE {PLAIN_NUMBER} THEN "
        f"nullif(try_cast({at} AS double), double('Infinity')) END",
        "string": at,
        "boolean": f"CASE lower({at}) WHEN 'true' THEN true WHEN 'false' THEN false END",
    }[each.type]
    return f"{value} AS {q.name(each.column)}"


def _text_state(each: Property) -> str:
    at, value = f"_at_{each.column}", q.name(each.column)
    beyond = {
        "integer": f"WHEN {value} IS NULL AND ({at} RLIKE {WHOLE_NUMBER} OR "
        f"{at} RLIKE {PLAIN_NUMBER} AND try_cast({at} AS double) % 1 = 0) THEN 'range' ",
        "number": f"WHEN {value} IS NULL AND {at} RLIKE {PLAIN_NUMBER} THEN 'range' ",
    }.get(each.type, "")
    return (
        f"CASE WHEN {at} IS NULL THEN NULL {beyond}"
        f"WHEN {value} IS NULL THEN 'type' ELSE 'fine' END AS _is_{each.column}"
    )
