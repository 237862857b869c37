"""Sums and means of doubles that reach a gold table as they are.

The order in which Spark adds depends on how the rows are spread, and so do the last bits of a sum
of doubles. Nothing is wrong with such a value, but the same input can give another one, and the row
then counts as changed. Rounding hides it, and decimals and whole numbers do not have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.scope import Scope, build_scope

from assay_jobs.author_sql import DIALECT, line_of

Kind = Literal["integer", "decimal", "double", "other"]
Found = tuple[int, str, str]

MOST_SHOWN = 60

ADD, MEAN = {"sum", "try_sum"}, {"avg", "mean", "try_avg"}
# They add in doubles whatever they are given.
MOMENTS = {"std", "stddev", "stddev_pop", "stddev_samp", "variance", "variance_pop", "skewness",
           "kurtosis", "corr", "covar_pop", "covar_samp"}  # fmt: skip
MOMENTS_OF_TWO, NO_MOMENT = "regr_", "regr_count"
ROUND = {"round", "bround", "decimal", "format_number", "format", "printf"}
DIVIDE = {"div", "safe_divide"}
# The answer is of the kind of what is given, or of the first that is given.
KEEP = {"add", "sub", "mul", "mod", "neg", "negative", "abs", "greatest", "least", "coalesce",
        "safe_add", "safe_subtract", "safe_multiply", "case", "if", "distinct"}  # fmt: skip
KEEP_FIRST = {"max", "min", "arg_max", "arg_min", "any_value", "first", "last", "first_value",
              "last_value", "nth_value", "lag", "lead", "nullif"}  # fmt: skip
IN_DOUBLES = {"sqrt", "cbrt", "exp", "ln", "log", "power", "quantile", "median", "float",
              "degrees", "radians", "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
              "sinh", "cosh", "tanh", "hypot", "log1p", "expm1"}  # fmt: skip
WHOLE = {"count", "floor", "ceil", "intdiv", "tinyint", "smallint", "int", "bigint"}
AROUND = (exp.Alias, exp.Paren, exp.Window, exp.Filter, exp.IgnoreNulls, exp.RespectNulls)


@dataclass(frozen=True)
class Value:
    kind: Kind
    sums: frozenset[exp.Expr] = frozenset()
    """The sums of doubles whose last bits it has."""


UNKNOWN = Value("other")


def unrounded(tree: exp.Expr, tables: Mapping[str, Mapping[str, Kind]]) -> Iterator[Found]:
    """Line, what is wrong, and what to write instead. `tables`: the kinds of known columns."""
    sums = {each for value in _outputs_of(tree, tables).values() for each in value.sums}
    for each in sorted(sums, key=line_of):
        text = each.sql(dialect=DIALECT)
        shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
        message = (
            f"{shown} adds doubles: its last bits depend on the order of the rows, and may count "
            "as a change"
        )
        yield line_of(each), message, f"Write round({shown}, 6), or add DECIMAL values."


def kinds_of(tree: exp.Expr, tables: Mapping[str, Mapping[str, Kind]]) -> dict[str, Kind]:
    """Of the columns that a SELECT gives."""
    return {name: value.kind for name, value in _outputs_of(tree, tables).items()}


def _outputs_of(tree: exp.Expr, tables: Mapping[str, Mapping[str, Kind]]) -> Mapping[str, Value]:
    try:
        scope = build_scope(tree.unnest())
    except OptimizeError:
        # Nothing is refused here: what the reader of scopes does not know is not warned of.
        return {}
    return {} if scope is None else _Reader(tables).outputs(scope)


class _Reader:
    def __init__(self, tables: Mapping[str, Mapping[str, Kind]]) -> None:
        self._tables = tables
        self._known: dict[int, Mapping[str, Value]] = {}

    def outputs(self, scope: Scope) -> Mapping[str, Value]:
        if id(scope) not in self._known:
            # A query that reads itself finds nothing known of it.
            self._known[id(scope)] = {}
            found = self._read(scope)
            # `WITH t (a, b) AS …` and `… AS t (a, b)` give names of their own.
            own = [each.lower() for each in scope.outer_columns]
            named = dict(zip(own, found.values(), strict=False)) if own else found
            self._known[id(scope)] = named
        return self._known[id(scope)]

    def _read(self, scope: Scope) -> Mapping[str, Value]:
        if scope.set_operation_scopes:
            left, right = (list(self.outputs(each).items()) for each in scope.set_operation_scopes)
            pairs = zip(left, right, strict=False)
            return {name: _joined([one, other]) for (name, one), (_, other) in pairs}
        found: dict[str, Value] = {}
        for column in getattr(scope.expression, "selects", []):
            # A later column may use an earlier one by its name.
            found[column.alias_or_name.lower()] = self._value(column, scope, found)
        return found

    def _value(self, node: exp.Expr, scope: Scope, earlier: Mapping[str, Value]) -> Value:
        if isinstance(node, AROUND):
            return self._value(node.this, scope, earlier)
        if isinstance(node, exp.Column):
            return self._column(node, scope, earlier)
        if isinstance(node, exp.Subquery):
            return self._scalar(node, scope)
        if isinstance(node, exp.Literal):
            return Value(_kind_of_literal(node))
        if isinstance(node, exp.Predicate | exp.Connector | exp.Not):
            return UNKNOWN
        name = _name_of(node)
        given = [self._value(each, scope, earlier) for each in _given_to(node, name)]
        if isinstance(node, exp.Cast):
            kind = _kind_of_type(node.to)
            return Value(kind, frozenset() if kind == "decimal" else _sums(given))
        return _answer_of(node, name, given)

    def _column(self, column: exp.Column, scope: Scope, earlier: Mapping[str, Value]) -> Value:
        name, table = column.name.lower(), column.table.lower()
        for alias, (_, source) in scope.selected_sources.items():
            if table in ("", alias.lower()):
                columns = (
                    self.outputs(source)
                    if isinstance(source, Scope)
                    else {key: Value(kind) for key, kind in self._columns_of(source).items()}
                )
                if name in columns:
                    return columns[name]
        if not table and name in earlier:
            return earlier[name]
        # A query inside another may use a column of the one around it.
        around = scope.parent if scope.is_subquery else None
        return UNKNOWN if around is None else self._column(column, around, {})

    def _columns_of(self, source: object) -> Mapping[str, Kind]:
        if not isinstance(source, exp.Table):
            return {}
        return self._tables.get(".".join(part.name for part in source.parts).lower(), {})

    def _scalar(self, node: exp.Subquery, scope: Scope) -> Value:
        for inner in scope.subquery_scopes:
            if inner.expression is node.this:
                return next(iter(self.outputs(inner).values()), UNKNOWN)
        return UNKNOWN


def _name_of(node: exp.Expr) -> str:
    """Of a function by sqlglot's name, as `functions.py` has them; of an operator its key."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else node.key


def _given_to(node: exp.Expr, name: str) -> list[exp.Expr]:
    """What its answer is made of: of a CASE the answers and not the conditions."""
    if isinstance(node, exp.Case):
        answers = [each.args.get("true") for each in node.args.get("ifs") or []]
        return [each for each in (*answers, node.args.get("default")) if each is not None]
    if isinstance(node, exp.If):
        answers = [node.args.get("true"), node.args.get("false")]
        return [each for each in answers if each is not None]
    given = list(node.iter_expressions())
    return given[:1] if name in KEEP_FIRST else given


def _answer_of(node: exp.Expr, name: str, given: list[Value]) -> Value:
    first, sums = given[0] if given else UNKNOWN, _sums(given)
    if name in ADD | MEAN:
        kind: Kind = "double" if name in MEAN and first.kind != "decimal" else first.kind
        return Value(kind, sums | {node} if first.kind == "double" else sums)
    if name in MOMENTS or (name.startswith(MOMENTS_OF_TWO) and name != NO_MOMENT):
        return Value("double", sums | {node})
    if name in ROUND:
        return Value(first.kind if name == "round" else "other")
    if name in DIVIDE:
        return Value(_kind_of_quotient([each.kind for each in given]), sums)
    if name in KEEP | KEEP_FIRST:
        return Value(_joined(given).kind, sums)
    if name in WHOLE:
        return Value("integer", sums)
    return Value("double" if name in IN_DOUBLES else "other", sums)


def _joined(values: list[Value]) -> Value:
    kinds = {each.kind for each in values}
    for kind in ("double", "decimal", "integer"):
        if kind in kinds:
            return Value(kind, _sums(values))
    return Value("other", _sums(values))


def _sums(values: list[Value]) -> frozenset[exp.Expr]:
    return frozenset().union(*(each.sums for each in values))


def _kind_of_quotient(kinds: list[Kind]) -> Kind:
    """Spark divides whole numbers in doubles, and decimals exactly."""
    if "double" in kinds or kinds == ["integer", "integer"]:
        return "double"
    return "decimal" if "decimal" in kinds else "other"


def _kind_of_literal(node: exp.Literal) -> Kind:
    """Spark reads 1.5 as a decimal and 1e0 as a double."""
    if node.is_string:
        return "other"
    text = node.this.lower()
    return "double" if "e" in text else "decimal" if "." in text else "integer"


def _kind_of_type(to: exp.DataType) -> Kind:
    if to.is_type(exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT):
        return "double"
    if to.is_type(exp.DataType.Type.DECIMAL):
        return "decimal"
    return "integer" if to.is_type(*exp.DataType.INTEGER_TYPES) else "other"
