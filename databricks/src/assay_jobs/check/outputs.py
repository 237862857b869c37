"""What a SELECT gives: the columns of a gold table, with names that Delta takes, and its key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from assay_jobs.author_sql import line_of
from assay_jobs.suggestion import nearest

from .mistake import Mistake

# https://docs.delta.io/latest/delta-column-mapping.html: without column mapping.
REFUSED_BY_DELTA = set(" ,;{}()\n\t=")


def find_output_mistakes(table: dict[str, Any], tree: exp.Query) -> Iterator[Mistake]:
    file = table["file"]
    stars = list(_stars(tree))
    for star in stars:
        message = "* takes whatever columns there are"
        yield Mistake(file, line_of(star), message, "Write the columns by name.")
    if stars:
        return
    seen: dict[str, str] = {}
    for column in tree.selects:
        # sqlglot gives a literal and the * of count(*) a name, too, which the column has not.
        is_named = isinstance(column, exp.Alias | exp.Column | exp.Dot)
        name, line = column.alias_or_name if is_named else "", line_of(column)
        if not name:
            text = column.unalias().sql(dialect="databricks")[:40]
            yield Mistake(file, line, f"{text} has no name", f"Write {text} AS a_name.")
        elif name.lower() in seen:
            message = f"the column {name} is there twice"
            yield Mistake(file, line, message, "Write another name for one of them.")
        elif set(name) & REFUSED_BY_DELTA or not name.isprintable():
            message = f"the column `{name}` has a character that Delta refuses in a name"
            yield Mistake(file, line, message, f"Write {_plain(name)}.")
        elif name.startswith("_"):
            message = f"{name} begins with _, as the names of Assay's own columns do"
            yield Mistake(file, line, message, f"Write {name.lstrip('_') or 'a_name'}.")
        seen.setdefault(name.lower(), name)
    for key in table["key"]:
        if key not in seen.values():
            yield _of_key(file, tree, key, seen)


def _of_key(file: str, tree: exp.Query, key: str, seen: dict[str, str]) -> Mistake:
    other = seen.get(key.lower())
    if other is not None:
        line = next(line_of(each) for each in tree.selects if each.alias_or_name == other)
        message = f"the key column {key} is selected as {other}, in other upper and lower case"
        instead = f"Write {key} here, or {other} in the key of pipeline.yaml."
        return Mistake(file, line, message, instead)
    near = nearest(key, list(seen.values()))
    instead = f"Write SELECT {near} AS {key}" if near else f"Write {key} into the SELECT"
    return Mistake(
        file,
        line_of(tree),
        f"the key column {key} is not selected",
        f"{instead}, or change the key in pipeline.yaml.",
    )


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "a_name"


def _stars(query: exp.Expr) -> Iterator[exp.Expr]:
    """Of the columns that the table gets. One inside a subquery whose columns are named outside, in
    EXISTS or in count(*) adds none."""
    if isinstance(query, exp.SetOperation):
        yield from _stars(query.left)
        yield from _stars(query.right)
    elif isinstance(query, exp.Subquery):
        yield from _stars(query.this)
    elif isinstance(query, exp.Select):
        for column in query.selects:
            for star in column.find_all(exp.Star):
                is_count = isinstance(star.parent, exp.Count)
                if not is_count and star.find_ancestor(exp.Query) is query:
                    yield star
