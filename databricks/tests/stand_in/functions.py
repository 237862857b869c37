"""The functions of the job's SQL."""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Callable
from typing import Any

from pyspark.sql import types as T  # noqa: N812
from sqlglot import exp

from .expressions import Compiled, Scope, compile_, strict, with_parameters
from .values import NotStoodInError, Row, Value, struct_type, to_json

LARGEST = 2**63
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
TRUTHS = {"true": True, "false": False}


def cast(value: Value, type_: T.DataType, is_safe: bool) -> Value:
    if value is None:
        return None
    if isinstance(type_, T.StringType):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(type_, T.BinaryType):
        return str(value).encode()
    if isinstance(type_, T.LongType | T.IntegerType):
        if isinstance(value, float):
            value = int(value)
        found = re.fullmatch(r"\s*([+-]?\d+)(\.\d*)?\s*", str(value))
        if found is None or not -LARGEST <= int(found[1]) < LARGEST:
            if is_safe:
                return None
            raise NotStoodInError(f"the error of a cast of {value!r}")
        return int(found[1])
    if isinstance(type_, T.DoubleType) and (is_safe or isinstance(value, int | float)):
        return float(value) if NUMBER.fullmatch(str(value)) else None
    if isinstance(type_, T.ArrayType):
        return value
    if isinstance(type_, T.BooleanType):
        return TRUTHS.get(str(value).lower())
    raise NotStoodInError(f"a cast of {value!r} to {type_.simpleString()}")


def compile_function(node: exp.Expr, scope: Scope) -> Compiled:
    if isinstance(node, exp.Anonymous) and str(node.this).lower() in ANONYMOUS:
        return ANONYMOUS[str(node.this).lower()](node, scope)
    if type(node) not in FUNCTIONS:
        raise NotStoodInError(f"{type(node).__name__}: {node.sql('databricks')}")
    return FUNCTIONS[type(node)](node, scope)


def _simple(type_: T.DataType, function: Callable[..., Value], *names: str) -> Any:
    def compiled(node: exp.Expr, scope: Scope) -> Compiled:
        if names:
            return strict(function, type_, *(node.args[name] for name in names), scope=scope)
        return strict(function, type_, *node.expressions, scope=scope)

    return compiled


def _nullif(node: exp.Expr, scope: Scope) -> Compiled:
    value, other = compile_(node.this, scope), compile_(node.expression, scope)

    def of(row: Row) -> Value:
        found = value.of(row)
        return None if found == other.of(row) else found

    return Compiled(of, value.type)


def _concat_ws(node: exp.Expr, scope: Scope) -> Compiled:
    separator, *parts = [compile_(each, scope).of for each in node.expressions]

    def of(row: Row) -> Value:
        values = (part(row) for part in parts)
        return str(separator(row)).join(value for value in values if value is not None)

    return Compiled(of, T.StringType())


def _array(node: exp.Expr, scope: Scope) -> Compiled:
    parts = [compile_(each, scope) for each in node.expressions]
    element = parts[0].type if parts else T.NullType()
    return Compiled(lambda row: [part.of(row) for part in parts], T.ArrayType(element))


def _struct(node: exp.Expr, scope: Scope) -> Compiled:
    parts = {
        each.this.name if isinstance(each, exp.PropertyEQ) else f"col{at}": compile_(
            each.expression if isinstance(each, exp.PropertyEQ) else each, scope
        )
        for at, each in enumerate(node.expressions, start=1)
    }
    type_ = T.StructType([T.StructField(name, part.type) for name, part in parts.items()])
    return Compiled(lambda row: {name: part.of(row) for name, part in parts.items()}, type_)


def _map(node: exp.Expr, scope: Scope) -> Compiled:
    keys = [compile_(each, scope) for each in node.args["keys"].expressions]
    values = [compile_(each, scope) for each in node.args["values"].expressions]

    def of(row: Row) -> Value:
        return {key.of(row): value.of(row) for key, value in zip(keys, values, strict=True)}

    return Compiled(of, T.MapType(T.StringType(), T.StringType()))


def _lambda(node: exp.Expr, scope: Scope, types: list[T.DataType]) -> Compiled:
    names = [each.name for each in node.expressions]
    return compile_(node.this, with_parameters(scope, names, types))


def _map_filter(node: exp.Expr, scope: Scope) -> Compiled:
    items, test = node.expressions
    source = compile_(items, scope)
    assert isinstance(source.type, T.MapType)
    keeps = _lambda(test, scope, [source.type.keyType, source.type.valueType]).of

    def of(row: Row) -> Value:
        found = source.of(row)
        return found and {key: value for key, value in found.items() if keeps((*row, key, value))}

    return Compiled(of, source.type)


def _filter(node: exp.Expr, scope: Scope) -> Compiled:
    source = compile_(node.this, scope)
    assert isinstance(source.type, T.ArrayType)
    keeps = _lambda(node.expression, scope, [source.type.elementType]).of

    def of(row: Row) -> Value:
        found = source.of(row)
        return found and [value for value in found if keeps((*row, value))]

    return Compiled(of, source.type)


def _get(node: exp.Expr, scope: Scope) -> Compiled:
    """Null where there is no such element."""
    items, at = (compile_(each, scope) for each in node.expressions)
    assert isinstance(items.type, T.ArrayType)

    def of(row: Row) -> Value:
        found = items.of(row)
        return None if found is None else dict(enumerate(found)).get(at.of(row))

    return Compiled(of, items.type.elementType)


def _bracket(node: exp.Expr, scope: Scope) -> Compiled:
    """`x[0]`, and `element_at(x, 1)`, which counts from one, or from the end."""
    items, [at] = compile_(node.this, scope), [compile_(e, scope) for e in node.expressions]
    element = items.type.elementType if isinstance(items.type, T.ArrayType) else T.StringType()
    offset = node.args.get("offset") or 0

    def of(row: Row) -> Value:
        found, index = items.of(row), at.of(row)
        return None if found is None else found[index - offset if index >= 0 else index]

    return Compiled(of, element)


def _options(node: exp.Expr, scope: Scope) -> dict[str, str]:
    options = node.args.get("options")
    return {} if options is None else dict(compile_(options, scope).of(()))


def _to_json(node: exp.Expr, scope: Scope) -> Compiled:
    keeps_nulls = _options(node, scope).get("ignoreNullFields") == "false"
    return strict(lambda value: to_json(value, keeps_nulls), T.StringType(), node.this, scope=scope)


def _from_json(node: exp.Expr, scope: Scope) -> Compiled:
    type_ = struct_type(str(node.expression.this))
    names = [each.name for each in type_]

    def read(text: str) -> Value:
        found = json.loads(text)
        return {name: found.get(name) for name in names}

    return strict(read, type_, node.this, scope=scope)


def _up_to(text: str, delimiter: str, count: int) -> str:
    return delimiter.join(text.split(delimiter)[:count])


def _part(text: str, by: str, number: int) -> str:
    return dict(enumerate(text.split(by), start=1)).get(number, "")


def _trim(node: exp.Expr, scope: Scope) -> Compiled:
    strip = {"LEADING": str.lstrip, "TRAILING": str.rstrip}[node.args["position"]]
    return strict(strip, TEXT, node.this, node.args["expression"], scope=scope)


def _concat(node: exp.Expr, scope: Scope) -> Compiled:
    return strict(lambda *parts: "".join(parts), TEXT, *node.expressions, scope=scope)


def _least(node: exp.Expr, scope: Scope) -> Compiled:
    """Of numbers that are all there."""
    return strict(min, T.DoubleType(), node.this, *node.expressions, scope=scope)


def _numbers_of_rows(node: exp.Expr, scope: Scope) -> Compiled:
    numbers = itertools.count()
    return Compiled(lambda row: next(numbers), T.LongType())


def _date_format(node: exp.Expr, scope: Scope) -> Compiled:
    """Of the event times, which the sources of this stand-in have none of."""

    def of(row: Row) -> Value:
        if value.of(row) is not None:
            raise NotStoodInError("date_format")

    value = compile_(node.this, scope)
    return Compiled(of, T.StringType())


def _hash(node: exp.Expr, scope: Scope) -> Compiled:
    """Another one than Spark's: equal values have equal ones, and nothing else is asked of it."""
    parts = [compile_(each, scope).of for each in node.expressions]
    return Compiled(lambda row: hash(tuple(part(row) for part in parts)), T.LongType())


TEXT, LONG, TRUTH = T.StringType(), T.LongType(), T.BooleanType()
ANONYMOUS: dict[str, Callable[[exp.Expr, Scope], Compiled]] = {
    "xxhash64": _hash,
    "octet_length": _simple(LONG, lambda text: len(text.encode())),
    "map_filter": _map_filter,
    "get": _get,
    "monotonically_increasing_id": _numbers_of_rows,
}
FUNCTIONS: dict[type[exp.Expr], Callable[[exp.Expr, Scope], Compiled]] = {
    exp.Nullif: _nullif,
    exp.ConcatWs: _concat_ws,
    exp.Concat: _concat,
    exp.Lower: _simple(TEXT, str.lower, "this"),
    exp.Replace: _simple(TEXT, str.replace, "this", "expression", "replacement"),
    exp.StartsWith: _simple(TRUTH, str.startswith, "this", "expression"),
    exp.SplitPart: _simple(TEXT, _part, "this", "delimiter", "part_index"),
    exp.Trim: _trim,
    # To the right alone, and what is too long is cut.
    exp.Pad: _simple(
        TEXT,
        lambda text, length, by: text.ljust(length, by)[: max(length, 0)],
        *("this", "expression", "fill_pattern"),
    ),
    exp.Least: _least,
    exp.Contains: _simple(TRUTH, lambda text, part: part in text, "this", "expression"),
    exp.RegexpReplace: _simple(
        TEXT,
        lambda text, pattern, by: re.sub(pattern, by, text),
        *("this", "expression", "replacement"),
    ),
    exp.RegexpSplit: _simple(
        T.ArrayType(TEXT), lambda text, pattern: re.split(pattern, text), "this", "expression"
    ),
    exp.FromBase64: _simple(T.BinaryType(), base64.b64decode, "this"),
    exp.SubstringIndex: _simple(
        TEXT,
        lambda text, by, count: by.join(text.split(by)[:count]),
        *("this", "delimiter", "count"),
    ),
    exp.RegexpLike: _simple(
        TRUTH,
        # The end of a text is \\Z to Python and \\z to Java.
        lambda text, pattern: re.search(pattern.replace(r"\z", r"\Z"), text) is not None,
        *("this", "expression"),
    ),
    exp.Length: _simple(LONG, len, "this"),
    exp.SubstringIndex: _simple(TEXT, _up_to, "this", "delimiter", "count"),
    exp.Substring: _simple(TEXT, lambda text, start: text[start - 1 :], "this", "start"),
    exp.StrPosition: _simple(LONG, lambda text, part: text.find(part) + 1, "this", "substr"),
    exp.Left: _simple(TEXT, lambda text, count: text[:count], "this", "expression"),
    exp.Abs: _simple(LONG, abs, "this"),
    exp.ArraySize: _simple(LONG, len, "this"),
    exp.ArrayExcept: _simple(
        T.ArrayType(TEXT),
        lambda all_, without: [each for each in all_ if each not in without],
        *("this", "expression"),
    ),
    exp.Array: _array,
    exp.Struct: _struct,
    exp.VarMap: _map,
    exp.ArrayFilter: _filter,
    exp.Bracket: _bracket,
    exp.JSONFormat: _to_json,
    exp.FromJson: _from_json,
    exp.TimeToStr: _date_format,
    exp.TimeStrToTime: lambda node, scope: compile_(node.this, scope),
}
