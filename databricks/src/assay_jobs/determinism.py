"""What would make the same batch give another gold table the second time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

CLOCK = "a date or time of the data"
CHANCE = "a column of the data"
FUNCTIONS = {
    **dict.fromkeys(("now", "current_date", "current_timestamp", "current_time"), CLOCK),
    **dict.fromkeys(("curdate", "localtimestamp", "getdate", "current_timezone"), CLOCK),
    **dict.fromkeys(("rand", "randn", "random", "randstr", "uniform", "shuffle", "uuid"), CHANCE),
    **dict.fromkeys(("monotonically_increasing_id", "spark_partition_id"), CHANCE),
    **dict.fromkeys(("input_file_name", "input_file_block_start"), CHANCE),
    **dict.fromkeys(("current_user", "session_user", "user"), CHANCE),
    **dict.fromkeys(("current_catalog", "current_database", "current_schema"), CHANCE),
    **dict.fromkeys(("first", "first_value", "any_value"), "min_by(value, order)"),
    **dict.fromkeys(("last", "last_value"), "max_by(value, order)"),
    **dict.fromkeys(("percentile_approx", "approx_percentile"), "percentile(value, share)"),
    "approx_count_distinct": "count(DISTINCT value)",
    "mode": "max_by over counted values",
    **dict.fromkeys(("collect_list", "array_agg"), "array_sort(collect_list(value))"),
    **dict.fromkeys(("collect_set",), "array_sort(collect_set(value))"),
}
KINDS: dict[type[exp.Expr], str] = {
    exp.CurrentTimestamp: "current_timestamp",
    exp.CurrentDate: "current_date",
    exp.CurrentTime: "current_time",
    exp.CurrentUser: "current_user",
    exp.Localtimestamp: "localtimestamp",
    exp.Rand: "rand",
    exp.Randn: "randn",
    exp.Uuid: "uuid",
    exp.First: "first",
    exp.FirstValue: "first_value",
    exp.Last: "last",
    exp.LastValue: "last_value",
    exp.AnyValue: "any_value",
    exp.ApproxQuantile: "percentile_approx",
    exp.ApproxDistinct: "approx_count_distinct",
    exp.Mode: "mode",
    exp.ArrayAgg: "collect_list",
    exp.ArrayUniqueAgg: "collect_set",
}
SORTED = (exp.SortArray, exp.ArraySize)


def unrepeatable(tree: exp.Expr) -> Iterator[tuple[int, str, str]]:
    """Line, what is wrong, and what to write instead."""
    for node in tree.walk():
        name = _function(node)
        if name in FUNCTIONS and not _is_tamed(node):
            yield _line(node), f"{name}() may answer differently when asked again", FUNCTIONS[name]
        if isinstance(node, exp.TableSample):
            yield _line(node), "a sample is another one each time", "all rows, or a WHERE"
        if isinstance(node, exp.Limit) and not _has_order(node.parent):
            yield _line(node), "LIMIT without ORDER BY takes any rows", "ORDER BY … LIMIT"
        if isinstance(node, exp.RowNumber) and not _is_ordered_window(node):
            yield (
                _line(node),
                "row_number() without ORDER BY numbers as it comes",
                "OVER (… ORDER BY …)",
            )


def _function(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    if isinstance(node, exp.UnixSeconds | exp.TimeToUnix | exp.StrToUnix) and not node.this:
        return "current_timestamp"
    return KINDS.get(type(node))


def _is_tamed(node: exp.Expr) -> bool:
    """Inside a sort, or over an ordered window, the order of the rows no longer shows."""
    name = _function(node)
    if name in ("collect_list", "array_agg", "collect_set"):
        parent = node.parent
        return isinstance(parent, SORTED) or (
            isinstance(parent, exp.Anonymous) and str(parent.this).lower() in ("array_sort", "size")
        )
    return name in ("first", "first_value", "last", "last_value") and _is_ordered_window(node)


def _is_ordered_window(node: exp.Expr) -> bool:
    parent = node.parent
    while isinstance(parent, exp.IgnoreNulls | exp.RespectNulls):
        parent = parent.parent
    return isinstance(parent, exp.Window) and parent.args.get("order") is not None


def _has_order(query: exp.Expr | None) -> bool:
    return query is not None and query.args.get("order") is not None


def _line(node: exp.Expr) -> int:
    """The functions that SQL writes without brackets carry no position: their neighbours do."""
    while node is not None:
        lines = [each.meta["line"] for each in node.walk() if "line" in each.meta]
        if lines:
            return min(lines)
        if node.parent is None:
            break
        node = node.parent
    return 1
