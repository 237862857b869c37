"""Queries as plans: their columns at once, their rows when something runs them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyspark.sql import types as T  # noqa: N812
from sqlglot import exp

from .aggregates import aggregate, is_aggregate, own_nodes, window
from .expressions import Evaluate, Scope, common_type, compile_
from .values import Column, NotStoodInError, Row, Value, frozen

IsThere = Callable[[exp.Expr], bool]


@dataclass(frozen=True)
class Plan:
    columns: tuple[Column, ...]
    rows: Callable[[], Sequence[Row]]

    def named(self, qualifier: str) -> Plan:
        return replace(self, columns=tuple(replace(c, qualifier=qualifier) for c in self.columns))

    def where(self, test: exp.Expr, is_there: IsThere) -> Plan:
        keeps = compile_(test, Scope(self.columns, is_there)).of
        return replace(self, rows=lambda: [row for row in self.rows() if keeps(row)])


Tables = Callable[[exp.Table], Plan]
Named = Mapping[str, Plan]


@dataclass(frozen=True)
class Queries:
    tables: Tables

    def plan(self, query: exp.Expr, named: Named | None = None) -> Plan:
        """`named`: by WITH."""
        known = dict(named or {})
        for each in query.ctes if isinstance(query, exp.Query) else ():
            known[each.alias] = self.plan(each.this, known)
        if isinstance(query, exp.Union) and not query.args["distinct"]:
            return _union(self.plan(query.this, known), self.plan(query.expression, known))
        if isinstance(query, exp.Subquery):
            return self.plan(query.this, known)
        if isinstance(query, exp.Select):
            return self._select(query, known)
        raise NotStoodInError(query.sql())

    def is_there(self, query: exp.Expr, known: Named) -> bool:
        return bool(self.plan(query, known).rows())

    def _select(self, query: exp.Select, known: Named) -> Plan:
        def is_there(inner: exp.Expr) -> bool:
            return self.is_there(inner, known)

        from_ = query.args.get("from_")
        plan = Plan((), lambda: [()]) if from_ is None else self._from(from_.this, known)
        for each in query.args.get("joins") or ():
            kind = " ".join(part for part in (each.side, each.kind) if part) or "INNER"
            plan = join(plan, self._from(each.this, known), each.args["on"], kind)
        where = query.args.get("where")
        if where is not None:
            plan = plan.where(where.this, is_there)
        group = query.args.get("group")
        items = query.expressions
        if group is not None or any(own_nodes(each, is_aggregate) for each in items):
            keys: list[exp.Expr] = []
            if group is not None:
                keys = group.expressions
                if group.args.get("all"):
                    keys = [each for each in items if not own_nodes(each, is_aggregate)]
            plan = grouped(plan, [each.unalias() for each in keys], items)
        else:
            plan = project(plan, items)
        return _distinct(plan) if query.args.get("distinct") else plan

    def _from(self, item: exp.Expr, known: Named) -> Plan:
        if isinstance(item, exp.Values):
            alias = item.args["alias"]
            rows = [
                tuple(compile_(cell, Scope(())).of(()) for cell in row) for row in item.expressions
            ]
            kinds = [compile_(cell, Scope(())).type for cell in item.expressions[0]]
            columns = (
                Column(each.name, kind, alias.name)
                for each, kind in zip(alias.columns, kinds, strict=True)
            )
            return Plan(tuple(columns), lambda: rows)
        if isinstance(item, exp.Table):
            is_named = not item.db and item.name in known
            plan = known[item.name] if is_named else self.tables(item)
            return plan.named(item.alias or item.name)
        return self.plan(item, known).named(item.alias)


@dataclass(frozen=True)
class Projection:
    """Of items, for rows of certain columns."""

    columns: tuple[Column, ...]
    windows: Sequence[Callable[[Sequence[Row]], list[Value]]]
    values: Sequence[Evaluate]

    def of(self, rows: Sequence[Row]) -> Sequence[Row]:
        for window_ in self.windows:
            rows = [(*row, value) for row, value in zip(rows, window_(rows), strict=True)]
        return [tuple(value(row) for value in self.values) for row in rows]


# Statements are parsed once, so the same items come again and again. They are kept with what was
# made of them, or another object might get their id.
_projections: dict[tuple[int, tuple[Column, ...]], tuple[Sequence[exp.Expr], Projection]] = {}


def project(plan: Plan, items: Sequence[exp.Expr]) -> Plan:
    at = id(items), plan.columns
    known = _projections.get(at)
    if known is None:
        known = _projections[at] = (items, _projection(plan.columns, items))
    projection = known[1]
    return Plan(projection.columns, lambda: projection.of(plan.rows()))


def _projection(before: tuple[Column, ...], items: Sequence[exp.Expr]) -> Projection:
    columns, windows = list(before), []
    computed: dict[int, int] = {}
    for node in [node for each in items for node in own_nodes(each, _is_window)]:
        computes, kind = window(node, Scope(before))
        computed[id(node)] = len(columns)
        columns.append(Column(f"_window_{len(columns)}", kind, is_hidden=True))
        windows.append(computes)
    scope = Scope(columns, computed=computed)
    found = [pair for each in items for pair in _expanded(each, scope)]
    return Projection(tuple(c for c, _ in found), windows, [value for _, value in found])


def _is_window(node: exp.Expr) -> bool:
    return isinstance(node, exp.Window)


def _expanded(item: exp.Expr, scope: Scope) -> list[tuple[Column, Evaluate]]:
    """What one item of a SELECT stands for: a star for several columns."""
    if isinstance(item, exp.Star):
        return _columns(scope, None)
    if isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
        if any(each.qualifier == item.table for each in scope.columns):
            return _columns(scope, item.table)
        kind = scope.find(item.table).type
        assert isinstance(kind, T.StructType)
        return [
            (Column(each.name, each.dataType), scope.find(item.table, each.name).of)
            for each in kind
        ]
    compiled = compile_(item, scope)
    name = item.alias_or_name or item.sql()
    return [(Column(name, compiled.type), compiled.of)]


def _columns(scope: Scope, qualifier: str | None) -> list[tuple[Column, Evaluate]]:
    return [
        (Column(each.name, each.type), operator.itemgetter(at))
        for at, each in enumerate(scope.columns)
        if not each.is_hidden and qualifier in (None, each.qualifier)
    ]


def grouped(plan: Plan, keys: Sequence[exp.Expr], items: Sequence[exp.Expr]) -> Plan:
    scope = Scope(plan.columns)
    of_keys = [compile_(each, scope) for each in keys]
    nodes = [node for each in items for node in own_nodes(each, is_aggregate)]
    aggregates = [aggregate(node, scope) for node in nodes]
    columns = [
        Column(each.name or f"_key_{at}", compiled.type)
        for at, (each, compiled) in enumerate(zip(keys, of_keys, strict=True))
    ]
    computed = {id(node): len(columns) + at for at, node in enumerate(nodes)}
    columns += [Column(f"_aggregate_{at}", kind) for at, (_, kind) in enumerate(aggregates)]
    for each in items:
        # An item is one of the keys, or is made of aggregates.
        for at, key in enumerate(keys):
            if each.unalias() == key:
                computed[id(each.unalias())] = at

    def rows() -> Sequence[Row]:
        groups: dict[Row, list[Row]] = {} if keys else {(): []}
        for row in plan.rows():
            key = tuple(frozen(each.of(row)) for each in of_keys)
            groups.setdefault(key, []).append(row)
        return [
            (*key, *(computes(members) for computes, _ in aggregates))
            for key, members in groups.items()
        ]

    values = [compile_(each, Scope(columns, computed=computed)) for each in items]
    out = [
        Column(each.alias_or_name or each.sql(), value.type)
        for each, value in zip(items, values, strict=True)
    ]
    return Plan(tuple(out), lambda: [tuple(value.of(row) for value in values) for row in rows()])


def join(left: Plan, right: Plan, on: exp.Expr, kind: str) -> Plan:
    columns = left.columns + right.columns
    matches = compile_(on, Scope(columns)).of
    kind = kind.upper().replace("_", " ").replace(" OUTER", "")
    if kind not in ("INNER", "LEFT", "FULL", "LEFT ANTI", "LEFT SEMI"):
        raise NotStoodInError(f"a join {kind}")

    def rows() -> Sequence[Row]:
        lefts, rights = left.rows(), right.rows()
        out: list[Row] = []
        found: set[int] = set()
        for row in lefts:
            own = [at for at, other in enumerate(rights) if matches((*row, *other))]
            found.update(own)
            if kind in ("LEFT ANTI", "LEFT SEMI"):
                out += [row] if bool(own) is (kind == "LEFT SEMI") else []
            else:
                out += [(*row, *rights[at]) for at in own]
                if not own and kind != "INNER":
                    out.append((*row, *(None for _ in right.columns)))
        if kind == "FULL":
            nothing = tuple(None for _ in left.columns)
            out += [(*nothing, *row) for at, row in enumerate(rights) if at not in found]
        return out

    return Plan(left.columns if kind in ("LEFT ANTI", "LEFT SEMI") else columns, rows)


def _union(first: Plan, second: Plan) -> Plan:
    columns = (
        replace(each, type=common_type([each.type, other.type]), qualifier="")
        for each, other in zip(first.columns, second.columns, strict=True)
    )
    return Plan(tuple(columns), lambda: [*first.rows(), *second.rows()])


def _distinct(plan: Plan) -> Plan:
    return replace(plan, rows=lambda: list({frozen(row): row for row in plan.rows()}.values()))
