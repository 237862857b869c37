"""Functions of many rows: aggregates, and what the job's windows compute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pyspark.sql import types as T  # noqa: N812
from sqlglot import exp

from .expressions import Evaluate, Scope, compile_
from .values import NotStoodInError, Row, Value, frozen

OfRows = Callable[[Sequence[Row]], Value]
AGGREGATES = (
    exp.Filter, exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.ArrayUniqueAgg, exp.ArgMax,
)  # fmt: skip
_own_nodes: dict[tuple[int, Callable[[exp.Expr], bool]], tuple[exp.Expr, list[exp.Expr]]] = {}


def is_aggregate(node: exp.Expr) -> bool:
    return isinstance(node, AGGREGATES)


def own_nodes(node: exp.Expr, wanted: Callable[[exp.Expr], bool]) -> list[exp.Expr]:
    """The outermost ones; those of a window's or of a query within are not the node's own."""
    known = _own_nodes.get((id(node), wanted))
    if known is None or known[0] is not node:
        # Statements are parsed once, so nodes come again and again.
        known = _own_nodes[id(node), wanted] = (node, list(_found(node, wanted)))
    return known[1]


def _found(node: exp.Expr, wanted: Callable[[exp.Expr], bool]) -> Iterator[exp.Expr]:
    if wanted(node):
        yield node
    elif not isinstance(node, exp.Window | exp.Query):
        for each in node.iter_expressions():
            yield from _found(each, wanted)


def aggregate(node: exp.Expr, scope: Scope) -> tuple[OfRows, T.DataType]:
    if isinstance(node, exp.Filter):
        inner, kind = aggregate(node.this, scope)
        keeps = compile_(node.expression.this, scope).of
        return lambda rows: inner([row for row in rows if keeps(row)]), kind
    if isinstance(node, exp.Count):
        return _count(node, scope), T.LongType()
    argument = compile_(node.this, scope)
    value = argument.of
    if isinstance(node, exp.ArgMax):
        by = compile_(node.expression, scope).of
        return lambda rows: value(max(rows, key=lambda row: frozen(by(row)))), argument.type
    if isinstance(node, exp.CountIf):
        return lambda rows: sum(1 for row in rows if value(row)), T.LongType()
    if isinstance(node, exp.Sum):
        return lambda rows: sum(found) if (found := _known(value, rows)) else None, T.LongType()
    if isinstance(node, exp.Min):
        return lambda rows: min(_known(value, rows), default=None), argument.type
    if isinstance(node, exp.Max):
        return lambda rows: max(_known(value, rows), default=None), argument.type
    if isinstance(node, exp.ArrayUniqueAgg):
        return lambda rows: sorted(set(_known(value, rows))), T.ArrayType(argument.type)
    raise NotStoodInError(node.sql())


def _count(node: exp.Count, scope: Scope) -> OfRows:
    if isinstance(node.this, exp.Star | exp.Literal):
        return len
    if not isinstance(node.this, exp.Distinct):
        raise NotStoodInError(node.sql())
    parts = [compile_(each, scope).of for each in node.this.expressions]

    def distinct(rows: Sequence[Row]) -> int:
        found = {tuple(frozen(part(row)) for part in parts) for row in rows}
        return sum(1 for each in found if None not in each)

    return distinct


def _known(value: Evaluate, rows: Sequence[Row]) -> list[Value]:
    return [found for row in rows if (found := value(row)) is not None]


def window(
    node: exp.Expr, scope: Scope
) -> tuple[Callable[[Sequence[Row]], list[Value]], T.DataType]:
    """A value for each row, in the rows' own order."""
    partition = [compile_(each, scope).of for each in node.args.get("partition_by") or ()]
    order = node.args.get("order")
    ordering = [
        (compile_(each.this, scope).of, bool(each.args.get("desc")))
        for each in (order.expressions if order else ())
    ]

    def groups(rows: Sequence[Row]) -> list[list[int]]:
        found: dict[Row, list[int]] = {}
        for at, row in enumerate(rows):
            found.setdefault(tuple(frozen(each(row)) for each in partition), []).append(at)
        return list(found.values())

    def numbered(rows: Sequence[Row]) -> list[Value]:
        numbers = [0] * len(rows)
        for group in groups(rows):
            # By the last one first: sorting keeps the order of what is equal.
            for of, is_descending in reversed(ordering):
                known = {at: of(rows[at]) for at in group}
                group.sort(key=known.__getitem__, reverse=is_descending)
            for number, at in enumerate(group, start=1):
                numbers[at] = number
        return numbers

    def counted(rows: Sequence[Row]) -> list[Value]:
        counts = [0] * len(rows)
        for group in groups(rows):
            for at in group:
                counts[at] = len(group)
        return counts

    if isinstance(node.this, exp.RowNumber):
        return numbered, T.IntegerType()
    if isinstance(node.this, exp.Count):
        return counted, T.LongType()
    raise NotStoodInError(node.sql())
