"""Line, what is wrong, and what to write instead, judged on expressions and not on names alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from assay_jobs.author_sql import line_of

from .functions import AUTHORS_NAMES, BY_ORDER, CLOCK, DATA, FUNCTIONS, OF_MODELS
from .order import is_order_hidden, is_ordered, window_of

Found = tuple[int, str, str]

# Spark replaces these texts by the clock where they become a date or a time.
# https://spark.apache.org/docs/latest/sql-ref-datetime-pattern.html
SPECIAL = re.compile(r"\s*(now|today|tomorrow|yesterday)\b", re.IGNORECASE)
TO_TIME = (exp.Cast, exp.TryCast, exp.TsOrDsToDate, exp.StrToTime, exp.StrToDate, exp.Timestamp)
TO_TIME_NAMES = {"to_date", "to_timestamp", "to_timestamp_ntz", "to_timestamp_ltz", "date",
                 "timestamp", "try_to_timestamp", "try_to_date", "timestamp_ntz"}  # fmt: skip
METADATA = "_metadata"


def unrepeatable(tree: exp.Expr, sql: str) -> Iterator[Found]:
    for node in tree.walk():
        name = _function(node)
        if name in FUNCTIONS or name.startswith(OF_MODELS):
            yield _told(node, name, sql, FUNCTIONS.get(name, DATA))
        elif name in BY_ORDER and not is_order_hidden(node):
            yield _told(node, name, sql, BY_ORDER[name])
        elif isinstance(node, exp.Literal) and _becomes_now(node):
            message = f"'{node.this}' is another time at each run"
            yield line_of(node), message, CLOCK
        elif isinstance(node, exp.Column) and METADATA in (
            each.name.lower() for each in node.parts
        ):
            yield line_of(node), "_metadata tells of files, which are others each time", DATA
        elif isinstance(node, exp.QueryTransform):
            message = "TRANSFORM … USING runs a program, which may answer differently each time"
            yield line_of(node), message, "Write functions of SQL."
        else:
            yield from _of_rows(node)


def _of_rows(node: exp.Expr) -> Iterator[Found]:
    """What takes some of the rows, or numbers them, as they come."""
    if isinstance(node, exp.TableSample):
        yield line_of(node), "a sample is another one each time", "Write all rows, or a WHERE."
    elif isinstance(node, exp.Limit | exp.Offset) and not _takes_the_same(node):
        word = node.key.upper()
        yield line_of(node), f"{word} without ORDER BY takes any rows", f"Write ORDER BY … {word}."
    elif isinstance(node, exp.RowNumber | exp.Ntile) and not is_ordered(window_of(node)):
        name = f"{node.sql_name().lower()}()"
        message = f"{name} without ORDER BY numbers the rows as they come"
        yield line_of(node), message, f"Write {name} OVER (… ORDER BY …)."
    elif isinstance(node, exp.WindowSpec) and _counts_rows(node) and not is_ordered(node.parent):
        message = "ROWS without ORDER BY takes the rows before and after as they come"
        yield line_of(node), message, "Write an ORDER BY into the window."


def _told(node: exp.Expr, name: str, sql: str, instead: str) -> Found:
    shown = _as_written(node, sql) or AUTHORS_NAMES.get(name, name)
    return line_of(node), f"{shown} may answer differently each time", instead


def _function(node: exp.Expr) -> str:
    if node.find_ancestor(exp.Hint) is not None:
        return ""
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    if isinstance(node, exp.Column) and not node.table and node.name.lower() == "localtimestamp":
        return "localtimestamp"
    return node.sql_name().lower() if isinstance(node, exp.Func) else ""


def _as_written(node: exp.Expr, sql: str) -> str:
    """The same function has many names; the author should read hers."""
    return sql[node.meta["start"] : node.meta["end"] + 1] if "start" in node.meta else ""


def _becomes_now(node: exp.Literal) -> bool:
    if not node.is_string or not SPECIAL.match(node.this):
        return False
    around = node.parent
    if isinstance(around, exp.Anonymous):
        return around.name.lower() in TO_TIME_NAMES
    if isinstance(around, exp.Cast):
        return around.to.is_type(*exp.DataType.TEMPORAL_TYPES)
    return isinstance(around, TO_TIME)


def _takes_the_same(node: exp.Expr) -> bool:
    """Rows in order, all of them, whether there is one, or the one row of an aggregate."""
    query = node.parent
    if is_ordered(query) or node.expression.name.upper() in ("ALL", "0"):
        return True
    if isinstance(query, exp.Select):
        if isinstance(query.parent, exp.Exists):
            return True
        has_one_row = query.args.get("group") is None and query.selects
        return bool(has_one_row) and all(
            each.find(exp.AggFunc) and not each.find(exp.Window) for each in query.selects
        )
    return False


def _counts_rows(spec: exp.WindowSpec) -> bool:
    sides = (spec.args.get("start"), spec.args.get("end"))
    return spec.args.get("kind") == "ROWS" and sides != ("UNBOUNDED", "UNBOUNDED")
