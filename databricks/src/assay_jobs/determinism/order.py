"""Whether the order in which rows come is hidden by the expression around a function."""

from __future__ import annotations

from sqlglot import exp

# Of an array they tell the same whatever its order.
BLIND = (
    exp.ArraySort,
    exp.ArraySize,
    exp.ArrayMax,
    exp.ArrayMin,
    exp.ArrayContains,
    exp.ArrayOverlaps,
    exp.Exists,
    exp.Explode,
    exp.ExplodeOuter,
    exp.Is,
)
BLIND_NAMES = {"array_sort", "sort_array", "array_size", "size", "cardinality", "array_max",
               "array_min", "array_contains", "arrays_overlap", "exists", "any_match", "forall",
               "explode", "explode_outer", "isnull", "isnotnull"}  # fmt: skip
# Their answer is a list of the same elements: what stands around them decides.
KEEPS = (
    exp.Paren,
    exp.Filter,
    exp.Window,
    exp.Distinct,
    exp.IgnoreNulls,
    exp.RespectNulls,
    exp.Coalesce,
    exp.Transform,
    exp.ArrayFilter,
    exp.ArrayDistinct,
    exp.ArrayCompact,
    exp.ArrayRemove,
    exp.ArrayConcat,
    exp.ArrayExcept,
    exp.ArrayIntersect,
    exp.Flatten,
    exp.ArrayAppend,
    exp.ArrayPrepend,
    exp.Concat,
    exp.Reverse,
)
KEEPS_NAMES = {"transform", "filter", "array_distinct", "array_compact", "array_remove",
               "array_union", "array_except", "array_intersect", "array_append",
               "array_prepend", "concat", "flatten", "reverse", "nvl", "ifnull"}  # fmt: skip


def is_order_hidden(node: exp.Expr) -> bool:
    if is_ordered(window_of(node)) or _orders_itself(node):
        return True
    if isinstance(node, exp.Mode):
        return isinstance(node.args.get("deterministic"), exp.Boolean) and bool(
            node.args["deterministic"].this
        )
    if isinstance(node, exp.ArrayAgg | exp.ArrayUniqueAgg):
        return _is_taken_unordered(node)
    return False


def is_ordered(node: exp.Expr | None) -> bool:
    """Also a window by the name that the WINDOW clause gives it."""
    if node is None:
        return False
    if node.args.get("order") is not None:
        return True
    name = node.args.get("alias")
    if not isinstance(node, exp.Window) or not isinstance(name, exp.Identifier):
        return False
    select = node.parent_select
    named = select.args.get("windows") or [] if select is not None else []
    found = [each for each in named if each.name.lower() == name.name.lower()]
    return any(each is not node and is_ordered(each) for each in found)


def window_of(node: exp.Expr) -> exp.Window | None:
    parent = node.parent
    while isinstance(parent, exp.IgnoreNulls | exp.RespectNulls | exp.Filter):
        parent = parent.parent
    return parent if isinstance(parent, exp.Window) else None


def _orders_itself(node: exp.Expr) -> bool:
    """`WITHIN GROUP (ORDER BY …)`, which the parser puts around or into the function."""
    return isinstance(node.parent, exp.WithinGroup) or isinstance(node.this, exp.Order)


def _is_taken_unordered(node: exp.Expr) -> bool:
    inner, around = node, node.parent
    while around is not None:
        name = around.name.lower() if isinstance(around, exp.Anonymous) else ""
        if isinstance(around, exp.Posexplode | exp.PosexplodeOuter):
            return False
        if name in BLIND_NAMES or (isinstance(around, BLIND) and not _is_named_by(around, inner)):
            return True
        if name not in KEEPS_NAMES and not isinstance(around, KEEPS):
            return False
        if isinstance(around, exp.Transform) and _knows_places(around):
            return False
        inner, around = around, around.parent
    return False


def _is_named_by(around: exp.Expr, inner: exp.Expr) -> bool:
    """`list = other` and the element that is looked for are compared as they are."""
    return isinstance(around, exp.ArrayContains | exp.Is) and around.expression is inner


def _knows_places(transform: exp.Expr) -> bool:
    """`transform(list, (value, place) -> …)`"""
    function = transform.expression
    return isinstance(function, exp.Lambda) and len(function.expressions) > 1
