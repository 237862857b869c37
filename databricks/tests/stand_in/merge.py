"""What a MERGE makes of its target's rows."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from .expressions import Evaluate, Scope, compile_
from .queries import Plan
from .values import NotStoodInError, Row

Clause = tuple[Evaluate, Callable[[Row], Row | None]]


class ManyMatchesError(Exception):
    """Delta refuses a MERGE in which several rows of the source would change one of the target."""


def merged(tree: exp.Merge, target: Plan, source: Plan) -> tuple[Row, ...] | None:
    """All rows after it, or None where it changes nothing."""
    scope = Scope(target.columns + source.columns)
    matches = compile_(tree.args["on"], scope).of
    whens = tree.args["whens"].expressions
    of_matched = [_clause(each, target, scope) for each in whens if each.args["matched"]]
    of_others = [_clause(each, target, scope) for each in whens if not each.args["matched"]]
    sources, found = source.rows(), set()
    rows: list[Row] = []
    changed = False
    for row in target.rows():
        own = [at for at, other in enumerate(sources) if matches((*row, *other))]
        found.update(own)
        made = [_first(of_matched, (*row, *sources[at])) for at in own]
        acting = [each for each in made if each is not None]
        if len(acting) > 1:
            raise ManyMatchesError(tree.sql("databricks"))
        after = acting[0] if acting else [row]
        changed = changed or after != [row]
        rows += after
    nothing = tuple(None for _ in target.columns)
    for at, row in enumerate(sources):
        if at not in found:
            added = _first(of_others, (*nothing, *row)) or []
            changed = changed or bool(added)
            rows += added
    return tuple(rows) if changed else None


def _first(clauses: list[Clause], both: Row) -> list[Row] | None:
    """What the first clause that holds makes of the row; None where none does."""
    for holds, act in clauses:
        if holds(both):
            made = act(both)
            return [] if made is None else [made]
    return None


def _clause(when: exp.Expr, target: Plan, scope: Scope) -> Clause:
    condition, then = when.args.get("condition"), when.args["then"]
    holds: Evaluate = (lambda both: True) if condition is None else compile_(condition, scope).of
    if isinstance(then, exp.Var) and then.name == "DELETE":
        return holds, lambda both: None
    if isinstance(then, exp.Update):
        values = {each.this.name: compile_(each.expression, scope).of for each in then.expressions}
    elif isinstance(then, exp.Insert):
        pairs = zip(then.this.expressions, then.expression.expressions, strict=True)
        values = {name.name: compile_(value, scope).of for name, value in pairs}
    else:
        raise NotStoodInError(when.sql())

    def act(both: Row) -> Row:
        return tuple(
            values[each.name](both) if each.name in values else both[at]
            for at, each in enumerate(target.columns)
        )

    return holds, act
