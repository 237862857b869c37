"""SQL expressions as functions of a row, with the type that Spark gives them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pyspark.sql import types as T  # noqa: N812
from sqlglot import exp

from .values import Column, NotStoodInError, Row, Value, type_of

Evaluate = Callable[[Row], Value]


@dataclass(frozen=True)
class Compiled:
    of: Evaluate
    type: T.DataType


def no_subquery(query: exp.Expr) -> bool:
    raise NotStoodInError("a subquery here")


@dataclass(frozen=True)
class Scope:
    columns: Sequence[Column]
    is_there: Callable[[exp.Expr], bool] = no_subquery
    """Whether a query has a row."""
    computed: Mapping[int, int] = field(default_factory=dict)
    """By the id of a node, the column in which its value is already: aggregates and windows."""

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for at, each in enumerate(self.columns):
            found.setdefault(each.name.lower(), []).append(at)
        return found

    def find(self, *parts: str) -> Compiled:
        """A column by its name, maybe with its table before it and fields of a struct behind."""
        if len(parts) > 1:
            at = self._at(parts[1], parts[0])
            if at is not None:
                return self._field(at, parts[2:])
        at = self._at(parts[0], None)
        if at is None:
            raise NotStoodInError(f"{'.'.join(parts)} is none of {self.columns}")
        return self._field(at, parts[1:])

    def _at(self, name: str, qualifier: str | None) -> int | None:
        found = [
            at
            for at in self._by_name.get(name.lower(), ())
            for each in [self.columns[at]]
            if (
                not each.is_hidden
                if qualifier is None
                else each.qualifier.lower() == qualifier.lower()
            )
        ]
        if len(found) > 1:
            raise NotStoodInError(f"{name} is ambiguous in {self.columns}")
        return found[0] if found else None

    def _field(self, at: int, names: Sequence[str]) -> Compiled:
        value, kind = operator.itemgetter(at), self.columns[at].type
        if not names:
            return Compiled(value, kind)
        [name] = names
        assert isinstance(kind, T.StructType)

        def of(row: Row) -> Value:
            struct = value(row)
            return None if struct is None else struct[name]

        return Compiled(of, kind[name].dataType)


COMPARISONS: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.EQ: operator.eq, exp.NEQ: operator.ne, exp.GT: operator.gt, exp.GTE: operator.ge,
    exp.LT: operator.lt, exp.LTE: operator.le,
}  # fmt: skip
ARITHMETIC: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.Add: operator.add, exp.Sub: operator.sub, exp.Mul: operator.mul, exp.Mod: operator.mod,
}  # fmt: skip


def compile_(node: exp.Expr, scope: Scope) -> Compiled:
    at = scope.computed.get(id(node))
    if at is not None:
        return Compiled(operator.itemgetter(at), scope.columns[at].type)
    kind = type(node)
    if kind in COMPARISONS:
        return strict(COMPARISONS[kind], T.BooleanType(), node.this, node.expression, scope=scope)
    if kind in ARITHMETIC:
        type_ = compile_(node.this, scope).type
        return strict(ARITHMETIC[kind], type_, node.this, node.expression, scope=scope)
    if kind in HANDLERS:
        return HANDLERS[kind](node, scope)
    from .functions import compile_function

    return compile_function(node, scope)


def strict(
    function: Callable[..., Value], type_: T.DataType, *arguments: exp.Expr, scope: Scope
) -> Compiled:
    """Null where an argument is null."""
    parts = [compile_(each, scope).of for each in arguments]

    def of(row: Row) -> Value:
        values = [part(row) for part in parts]
        return None if any(value is None for value in values) else function(*values)

    return Compiled(of, type_)


def constant(value: Value, type_: T.DataType) -> Compiled:
    return Compiled(lambda row: value, type_)


def _column(node: exp.Expr, scope: Scope) -> Compiled:
    if isinstance(node, exp.Identifier):
        return scope.find(node.name)
    assert isinstance(node, exp.Column)
    return scope.find(*(part.name for part in node.parts))


def _literal(node: exp.Expr, scope: Scope) -> Compiled:
    text = str(node.this)
    if node.args["is_string"]:
        return constant(text, T.StringType())
    return constant(int(text), T.IntegerType())


def _negative(node: exp.Expr, scope: Scope) -> Compiled:
    return strict(operator.neg, compile_(node.this, scope).type, node.this, scope=scope)


def _cast(node: exp.Expr, scope: Scope) -> Compiled:
    type_, inner = type_of(node.args["to"]), compile_(node.this, scope)
    from .functions import cast

    is_safe = isinstance(node, exp.TryCast)

    def of(row: Row) -> Value:
        return cast(inner.of(row), type_, is_safe)

    return Compiled(of, type_)


def _and_or(node: exp.Expr, scope: Scope) -> Compiled:
    """In three values: what decides wins over null."""
    deciding = isinstance(node, exp.Or)
    left, right = compile_(node.this, scope).of, compile_(node.expression, scope).of

    def of(row: Row) -> Value:
        first = left(row)
        if first is deciding:
            return deciding
        second = right(row)
        return second if second is deciding or first is not None else None

    return Compiled(of, T.BooleanType())


def _null_safe(node: exp.Expr, scope: Scope) -> Compiled:
    left, right = compile_(node.this, scope).of, compile_(node.expression, scope).of
    return Compiled(lambda row: left(row) == right(row), T.BooleanType())


def _is(node: exp.Expr, scope: Scope) -> Compiled:
    if not isinstance(node.expression, exp.Null):
        raise NotStoodInError(node.sql())
    value = compile_(node.this, scope).of
    return Compiled(lambda row: value(row) is None, T.BooleanType())


def _in(node: exp.Expr, scope: Scope) -> Compiled:
    return strict(
        lambda value, *others: value in others,
        T.BooleanType(),
        *(node.this, *node.expressions),
        scope=scope,
    )


def _between(node: exp.Expr, scope: Scope) -> Compiled:
    return strict(
        lambda value, low, high: low <= value <= high,
        T.BooleanType(),
        *(node.this, node.args["low"], node.args["high"]),
        scope=scope,
    )


def _case(node: exp.Expr, scope: Scope) -> Compiled:
    if node.this is not None and isinstance(node, exp.Case):
        branches = [
            (exp.EQ(this=node.this.copy(), expression=each.this.copy()), each.args["true"])
            for each in node.args["ifs"]
        ]
        otherwise = node.args.get("default")
    elif isinstance(node, exp.Case):
        branches = [(each.this, each.args["true"]) for each in node.args["ifs"]]
        otherwise = node.args.get("default")
    else:
        branches, otherwise = [(node.this, node.args["true"])], node.args.get("false")
    compiled = [(compile_(test, scope).of, compile_(value, scope)) for test, value in branches]
    last = constant(None, T.NullType()) if otherwise is None else compile_(otherwise, scope)
    values = [value for _, value in compiled] + [last]

    def of(row: Row) -> Value:
        for test, value in compiled:
            if test(row):
                return value.of(row)
        return last.of(row)

    return Compiled(of, common_type([value.type for value in values]))


def common_type(types: Sequence[T.DataType]) -> T.DataType:
    return next((each for each in types if not isinstance(each, T.NullType)), T.NullType())


def _coalesce(node: exp.Expr, scope: Scope) -> Compiled:
    parts = [compile_(each, scope) for each in (node.this, *node.expressions)]

    def of(row: Row) -> Value:
        return next((value for part in parts if (value := part.of(row)) is not None), None)

    return Compiled(of, common_type([part.type for part in parts]))


def _exists(node: exp.Expr, scope: Scope) -> Compiled:
    """No query refers to the rows around it."""
    return Compiled(lambda row: scope.is_there(node.this), T.BooleanType())


def with_parameters(scope: Scope, names: Sequence[str], types: Sequence[T.DataType]) -> Scope:
    """For the body of a lambda, whose arguments follow the row."""
    added = [Column(name, type_) for name, type_ in zip(names, types, strict=True)]
    return replace(scope, columns=[*scope.columns, *added])


HANDLERS: dict[type[exp.Expr], Callable[[exp.Expr, Scope], Compiled]] = {
    exp.Column: _column,
    exp.Identifier: _column,
    exp.Literal: _literal,
    exp.Boolean: lambda node, scope: constant(bool(node.this), T.BooleanType()),
    exp.Null: lambda node, scope: constant(None, T.NullType()),
    exp.Paren: lambda node, scope: compile_(node.this, scope),
    exp.Alias: lambda node, scope: compile_(node.this, scope),
    exp.Neg: _negative,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.And: _and_or,
    exp.Or: _and_or,
    exp.Not: lambda node, scope: strict(operator.not_, T.BooleanType(), node.this, scope=scope),
    exp.NullSafeEQ: _null_safe,
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.If: _case,
    exp.Coalesce: _coalesce,
    exp.Exists: _exists,
}
