"""A session as Spark's, over a store: what `Warehouse` asks of it and no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlglot import exp

from .delta import Change, Path, Store, StoreError
from .expressions import Scope, compile_
from .files import Reader
from .frames import Frame
from .merge import merged
from .queries import Plan, Queries
from .values import Column, NotStoodInError, Row, columns_of, parsed, type_of

SHOW_SCHEMAS = re.compile(r"SHOW SCHEMAS IN `[^`]+` LIKE '([^']+)'")
SHOW_TABLES = re.compile(r"SHOW TABLES IN `[^`]+`\.`([^`]+)`")


class Settings:
    def set(self, name: str, value: str) -> None:
        """Each of them says what this stand-in does anyway."""


class Session:
    def __init__(self, store: Store, between: Callable[[], None] = lambda: None) -> None:
        self.store = store
        self.between = between
        """Called in each commit, after it has read its table and before it is made."""
        self.views: dict[str, Callable[[], Plan]] = {}
        self.conf = Settings()
        self._queries = Queries(self._table)

    @property
    def read(self) -> Reader:
        return Reader(self)

    def createDataFrame(self, rows: list[Row], schema: str) -> Frame:  # noqa: N802
        return Frame(self, lambda: Plan(columns_of(schema), lambda: rows))

    def table(self, name: str) -> Frame:
        node = parsed(f"SELECT * FROM {name}").find(exp.Table)
        assert node is not None
        return Frame(self, lambda: self._table(node))

    def sql(self, statement: str) -> Frame:
        """A query is run when its rows are asked for, all else at once."""
        shown = SHOW_TABLES.fullmatch(statement)
        if shown:
            names = [(name,) for name in self.store.names(shown[1])]
            return self.createDataFrame(names, "tableName string")
        asked = SHOW_SCHEMAS.fullmatch(statement)
        if asked:
            schemas = [(asked[1],)] if asked[1] in self.store.schemas else []
            return self.createDataFrame(schemas, "namespace string")
        tree = parsed(statement)
        if isinstance(tree, exp.Query):
            return Frame(self, lambda: self._queries.plan(tree))
        for kind, execute in self._commands().items():
            if isinstance(tree, kind):
                execute(tree)
                return self.createDataFrame([], "nothing string")
        raise NotStoodInError(statement)

    def is_there(self, query: exp.Expr) -> bool:
        return self._queries.is_there(query, {})

    def save(self, plan: Plan, name: str, *, appends: bool, application: str, number: int) -> None:
        node = parsed(f"SELECT * FROM {name}").find(exp.Table)
        assert node is not None
        path, rows = _path(node), tuple(plan.rows())
        base = self.store.versions(path)
        columns = tuple(Column(each.name, each.type) for each in plan.columns)
        if appends and base:
            columns, rows = _as_in(self.store.latest(path).columns, columns, rows)
        change = Change(path, base, columns, rows, application, number, appends)
        if not self.store.is_done(change):
            self._commit(change)

    def _commit(self, change: Change) -> None:
        self.between()
        self.store.commit(change)

    def _table(self, node: exp.Table) -> Plan:
        if not node.db:
            return self.views[node.name]()
        path = _path(node)
        if path in self.store.views:
            return self._queries.plan(parsed(self.store.views[path]))
        return Plan(self.store.latest(path).columns, lambda: self.store.latest(path).rows)

    def _commands(self) -> dict[type[exp.Expr], Callable[[Any], None]]:
        return {
            exp.Create: self._create,
            exp.Drop: self._drop,
            exp.Alter: self._alter,
            exp.Delete: self._delete,
            exp.Merge: self._merge,
        }

    def _create(self, tree: exp.Create) -> None:
        kind, may_be_there = tree.kind, tree.args["exists"]
        if kind == "SCHEMA":
            self.store.schemas.add(tree.this.db)
        elif kind == "VIEW":
            self.store.views.setdefault(_path(tree.this), tree.expression.sql("databricks"))
        elif kind == "TABLE":
            path = _path(tree.this.this)
            if not (may_be_there and self.store.versions(path)):
                self._commit(Change(path, 0, _defined(tree.this), ()))
        else:
            raise NotStoodInError(f"CREATE {kind}")

    def _drop(self, tree: exp.Drop) -> None:
        for each in tree.args["tables"]:
            self.store.tables.pop(_path(each), None)

    def _alter(self, tree: exp.Alter) -> None:
        path = _path(tree.this)
        before = self.store.latest(path)
        added = tuple(column for each in tree.args["actions"] for column in _defined(each))
        names = {each.name for each in before.columns}
        if any(each.name in names for each in added):
            raise StoreError("FIELDS_ALREADY_EXISTS", "42710", f"{added} are in {path}")
        rows = tuple((*row, *(None for _ in added)) for row in before.rows)
        base = self.store.versions(path)
        self._commit(Change(path, base, before.columns + added, rows))

    def _delete(self, tree: exp.Delete) -> None:
        path = _path(tree.this)
        base, before = self.store.versions(path), self.store.latest(path)
        test = compile_(tree.args["where"].this, Scope(before.columns, self.is_there)).of
        rows = tuple(row for row in before.rows if not test(row))
        if len(rows) < len(before.rows):
            self._commit(Change(path, base, before.columns, rows))

    def _merge(self, tree: exp.Merge) -> None:
        path = _path(tree.this)
        base, before = self.store.versions(path), self.store.latest(path)
        using = tree.args["using"]
        source = self._queries.plan(using).named(using.alias)
        target = Plan(before.columns, lambda: before.rows).named(tree.this.alias)
        rows = merged(tree, target, source)
        if rows is not None:
            self._commit(Change(path, base, before.columns, rows))


def _path(node: exp.Expr) -> Path:
    assert isinstance(node, exp.Table)
    return node.db, node.name


def _defined(schema: exp.Expr) -> tuple[Column, ...]:
    return tuple(Column(each.name, type_of(each.args["kind"])) for each in schema.expressions)


def _as_in(
    wanted: tuple[Column, ...], columns: tuple[Column, ...], rows: tuple[Row, ...]
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """An append finds its table's columns by name; those that it lacks stay null."""
    at = {each.name: place for place, each in enumerate(columns)}
    if not set(at) <= {each.name for each in wanted}:
        raise StoreError("DELTA_METADATA_MISMATCH", "42KDG", f"{columns} are not all there")
    places = [at.get(each.name) for each in wanted]
    return wanted, tuple(
        tuple(None if place is None else row[place] for place in places) for row in rows
    )
