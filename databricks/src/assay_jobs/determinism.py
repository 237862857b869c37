"""What would make the same batch give another gold table the second time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from .author_sql import line_of

CLOCK = "a date or time of the data"
DATA = "a column of the data"
# By the names that sqlglot gives them, aliases such as getdate() included.
FUNCTIONS = {
    **dict.fromkeys(("now", "current_date", "current_timestamp", "current_time"), CLOCK),
    **dict.fromkeys(("localtimestamp", "current_timezone"), CLOCK),
    **dict.fromkeys(("rand", "randn", "randstr", "uniform", "shuffle", "uuid"), DATA),
    **dict.fromkeys(("monotonically_increasing_id", "spark_partition_id"), DATA),
    **dict.fromkeys(("input_file_name", "input_file_block_start"), DATA),
    **dict.fromkeys(("current_user", "session_user", "user"), DATA),
    **dict.fromkeys(("current_catalog", "current_database", "current_schema"), DATA),
    **dict.fromkeys(("first", "first_value", "any_value"), "min_by(value, order)"),
    **dict.fromkeys(("last", "last_value"), "max_by(value, order)"),
    "approx_quantile": "percentile(value, share)",
    "approx_distinct": "count(DISTINCT value)",
    "mode": "max_by(value, how_often) over counted values",
    "array_agg": "array_sort(collect_list(value))",
    "array_unique_agg": "array_sort(collect_set(value))",
}


# Where sqlglot's name is not the author's and the node does not say where it stands.
AUTHORS_NAMES = {"approx_quantile": "percentile_approx", "approx_distinct": "approx_count_distinct"}


def unrepeatable(tree: exp.Expr, sql: str) -> Iterator[tuple[int, str, str]]:
    """Line, what is wrong, and what to write instead."""
    for node in tree.walk():
        name = _function(node)
        if name in FUNCTIONS and not _order_is_hidden(node):
            shown = _as_written(node, sql) or AUTHORS_NAMES.get(name, name)
            yield line_of(node), f"{shown} may answer differently each time", FUNCTIONS[name]
        elif isinstance(node, exp.TableSample):
            yield line_of(node), "a sample is another one each time", "all rows, or a WHERE"
        elif isinstance(node, exp.Limit) and not _is_ordered(node.parent):
            yield line_of(node), "LIMIT without ORDER BY takes any rows", "ORDER BY … LIMIT"
        elif isinstance(node, exp.RowNumber) and not _is_ordered(_window(node)):
            message = "row_number() without ORDER BY numbers the rows as they come"
            yield line_of(node), message, "row_number() OVER (… ORDER BY …)"


def _function(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    if isinstance(node, exp.Column) and not node.table and node.name.lower() == "localtimestamp":
        return "localtimestamp"
    return node.sql_name().lower() if isinstance(node, exp.Func) else ""


def _as_written(node: exp.Expr, sql: str) -> str:
    """The same function has many names; the author should read hers."""
    return sql[node.meta["start"] : node.meta["end"] + 1] if "start" in node.meta else ""


def _order_is_hidden(node: exp.Expr) -> bool:
    """Sorted at once, only counted, or over an ordered window."""
    if isinstance(node, exp.ArrayAgg | exp.ArrayUniqueAgg):
        return isinstance(node.parent, exp.ArraySort | exp.ArraySize)
    if isinstance(node, exp.First | exp.FirstValue | exp.Last | exp.LastValue):
        return _is_ordered(_window(node))
    return False


def _window(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while isinstance(parent, exp.IgnoreNulls | exp.RespectNulls):
        parent = parent.parent
    return parent if isinstance(parent, exp.Window) else None


def _is_ordered(node: exp.Expr | None) -> bool:
    return node is not None and node.args.get("order") is not None
