"""Our SQL and a JSON Schema library judge the same bodies by the same contracts.

Where we differ, and mean to:
- a property named twice in a body is refused (most libraries take the last);
- `x-parse` is ours, and left out here;
- an integer must fit 64 bits and a number a double, since a column holds it;
- numbers are compared as the column holds them: 2^53 + 1 and 2^53 are the same `number`.

The library reads patterns as Python's: it is given the same pattern with ECMAScript's meaning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from pyspark.sql import SparkSession

from assay_jobs.contract import check_json, read_bodies, read_contract
from assay_jobs.contract.keywords import find_range_mistakes

EXAMPLES = 15
BODIES_PER_EXAMPLE = 60

names = st.sampled_from(["a", "b", "Cc", "d_4"])
texts = st.sampled_from(
    ["", "a", "ab", "abc", "A1", "a\n", "a'b", "\\", '"', "é", "😀😀", "1", "true", "2001-03-31",
     "2001-02-29", "2001-3-1", "0000-01-01", "%", "a_b", "\u2028", "\t"]
)  # fmt: skip
integers = st.sampled_from([0, 1, -1, 2, 5, 2**53, 2**63 - 1, -(2**63)])
numbers = st.one_of(integers, st.sampled_from([0.0, 0.5, -0.5, 1.0, 1.5, 1e-300, 5e0, 1e300, -2.0]))
SPACES = "\\s\ufeff"
PATTERNS = {
    "^a": "^a",
    "b$": r"b\Z",
    "^[a-z]+$": r"^[a-z]+\Z",
    "^.$": r"^[^\n\r\u2028\u2029]\Z",
    r"\d": "[0-9]",
    r"^\w*$": r"^[A-Za-z0-9_]*\Z",
    "a|b": "a|b",
    "^(?:ab)?$": r"^(?:ab)?\Z",
    r"^[^\s]+$": rf"^[^{SPACES}]+\Z",
    r"\s": f"[{SPACES}]",
    "'": "'",
    r"\\": r"\\",
}
patterns = st.sampled_from(sorted(PATTERNS))


@st.composite
def properties(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["integer", "number", "string", "boolean"]))
    keywords: dict[str, Any] = {"type": [kind, "null"] if draw(st.booleans()) else kind}
    value: st.SearchStrategy[Any] = {
        "integer": integers, "number": numbers, "string": texts, "boolean": st.booleans(),
    }[kind]  # fmt: skip
    # A value that the type never has is a mistake of the contract, and refused.
    own = st.one_of(value, st.none()) if "null" in keywords["type"] else value
    if draw(st.integers(0, 3)) == 0:
        keywords["enum"] = draw(st.lists(own, min_size=1, max_size=3, unique_by=repr))
    if draw(st.integers(0, 5)) == 0:
        keywords["const"] = draw(own)
    if kind in ("integer", "number"):
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if draw(st.integers(0, 3)) == 0:
                keywords[keyword] = draw(numbers)
    if kind == "string":
        if draw(st.booleans()):
            keywords["pattern"] = draw(patterns)
        if draw(st.integers(0, 3)) == 0:
            keywords["format"] = "date"
        for keyword in ("minLength", "maxLength"):
            if draw(st.integers(0, 3)) == 0:
                keywords[keyword] = draw(st.integers(0, 3))
    # Limits that leave no value are a mistake of the contract, and refused.
    for upper, _ in list(find_range_mistakes(keywords)):
        keywords.pop(upper, None)
    return keywords


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, Any]:
    own = draw(st.dictionaries(names, properties(), min_size=1, max_size=3))
    return {
        "type": "object",
        "properties": own,
        "required": draw(st.lists(st.sampled_from(sorted(own)), unique=True)),
        "additionalProperties": draw(st.booleans()),
    }


def bodies(contract: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Mostly objects with the contract's names and values that its rules are about."""
    own: dict[str, st.SearchStrategy[Any]] = {}
    for name, keywords in contract["properties"].items():
        hinted = [value for value in keywords.values() if isinstance(value, int | float | str)]
        hinted += [*keywords.get("enum", []), keywords.get("const")]
        kind = json.dumps(keywords["type"])
        fit = texts if "string" in kind else st.booleans() if "boolean" in kind else numbers
        stray = st.one_of(st.none(), texts, numbers, st.booleans(), st.just([1]), st.just({"a": 1}))
        own[name] = st.one_of(fit, fit, fit, st.sampled_from(hinted), stray)
    extra = {"z": st.none(), "A": texts}
    return st.one_of(
        st.fixed_dictionaries(own),
        st.fixed_dictionaries(own),
        st.fixed_dictionaries({}, optional={**own, **extra}),
        st.sampled_from([None, 1, "a", [], [{}], True, {}]),
    )


def _pattern(
    validator: object, pattern: str, instance: object, schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not re.search(PATTERNS[pattern], instance):
        yield ValidationError(pattern)


Validator = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@settings(
    # A failure tells all differences of its example: making it smaller costs minutes of Spark.
    phases=[Phase.generate],
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_the_sql_of_a_contract_judges_as_a_library_does(
    spark: SparkSession, data: st.DataObject
) -> None:
    schema = data.draw(contracts())
    values = data.draw(
        st.lists(bodies(schema), min_size=BODIES_PER_EXAMPLE, max_size=BODIES_PER_EXAMPLE)
    )
    # Characters as they are, so that our side has to read UTF-8.
    texts_ = [json.dumps(value, ensure_ascii=False) for value in values]
    validator = Validator(schema, format_checker=FormatChecker(["date"]))
    wanted = [validator.is_valid(json.loads(text)) for text in texts_]
    rows = ", ".join(f"({at}, X'{text.encode().hex()}')" for at, text in enumerate(texts_))
    judged = check_json(
        read_bodies(spark.sql(f"SELECT * FROM VALUES {rows} AS bodies (at, _body)"), "0123"),
        read_contract(schema),
    )
    problems = {row["at"]: row["_problem"] for row in judged.select("at", "_problem").collect()}
    differences = [
        (text, "valid" if valid else "invalid", problems[at])
        for at, (text, valid) in enumerate(zip(texts_, wanted, strict=True))
        if valid != (problems[at] is None)
    ]
    assert differences == [], json.dumps(schema)
