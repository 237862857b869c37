"""The author's SELECT: what it reads, and its text with our table names in it.

Names are replaced inside her own text and no other character moves to another line, so that the
line of an error in the rewritten text is the line in her file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

DIALECT = "databricks"


@dataclass(frozen=True)
class Reference:
    """One use of a table in the text."""

    schema: str
    table: str
    alias: str | None
    start: int
    end: int
    line: int

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}"


def parse(sql: str) -> list[exp.Expr]:
    """The statements; a comment behind the last semicolon is none."""
    return [
        tree
        for tree in sqlglot.parse(sql, dialect=DIALECT)
        if tree is not None and not isinstance(tree, exp.Semicolon)
    ]


def is_hint(node: exp.Expr) -> bool:
    """`/*+ BROADCAST(t) */` names what the statement names, and reads nothing."""
    return node.find_ancestor(exp.Hint) is not None


def references(tree: exp.Expr) -> list[Reference]:
    """Tables written with a schema; what has none is a name of the statement itself."""
    found = []
    for table in tree.find_all(exp.Table):
        schema, name = table.args.get("db"), table.this
        if (
            not is_hint(table)
            and table.args.get("catalog") is None
            and isinstance(schema, exp.Identifier)
            and isinstance(name, exp.Identifier)
        ):
            found.append(
                Reference(
                    schema=schema.name.lower(),
                    table=name.name.lower(),
                    alias=table.alias or None,
                    start=schema.meta["start"],
                    end=name.meta["end"],
                    line=name.meta["line"],
                )
            )
    return sorted(found, key=lambda reference: reference.start)


def line_of_column(sql: str, name: str) -> int | None:
    """Of the last column with this name among those that the SELECT gives."""
    [tree, *_] = parse(sql)
    found = [each for each in getattr(tree, "selects", []) if each.alias_or_name == name]
    return line_of(found[-1]) if found else None


def line_of(node: exp.Expr) -> int:
    """Some nodes carry no position, CURRENT_DATE for one: then those around them tell."""
    around: exp.Expr | None = node
    while around is not None:
        lines = [int(each.meta["line"]) for each in around.walk() if "line" in each.meta]
        if lines:
            return min(lines)
        around = around.parent
    return 1


def rewrite(sql: str, place: Callable[[Reference], str]) -> str:
    """Every `silver.x` and `gold.x` becomes what `place` says; its short name stays."""
    tree = parse(sql)[0]
    changes = [
        (use.start, use.end, place(use) + ("" if use.alias else f" AS `{use.table}`"))
        for use in references(tree)
    ]
    for column in tree.find_all(exp.Column):
        # `silver.flights.delay`: the table is known by its short name, so the schema goes.
        schema, table = column.args.get("db"), column.args.get("table")
        if isinstance(schema, exp.Identifier) and isinstance(table, exp.Identifier):
            changes.append((schema.meta["start"], table.meta["start"] - 1, ""))
    for start, end, replacement in sorted(changes, reverse=True):
        lines = sql.count("\n", start, end + 1)
        sql = sql[:start] + replacement + "\n" * lines + sql[end + 1 :]
    return sql
