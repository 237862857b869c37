"""The gold SQL of a pipeline: what is wrong with it, what it reads, in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, astuple
from typing import Any

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from assay_jobs.author_sql import Reference, line_of, parse, references
from assay_jobs.determinism import unrepeatable
from assay_jobs.quoting import SUBSTITUTION

from .mistake import Mistake
from .outputs import find_output_mistakes
from .tables import find_table_mistakes
from .warnings import find_warnings

ONE_SELECT = "Write one SELECT."


def check_sql(request: dict[str, Any]) -> dict[str, Any]:
    gold: dict[str, dict[str, Any]] = request["gold"]
    known = [f"silver.{source}" for source in request["sources"]] + [
        f"gold.{each}" for each in gold
    ]
    mistakes: list[Mistake] = []
    uses: dict[str, list[Reference]] = {}
    trees: dict[str, exp.Query] = {}
    for name, table in gold.items():
        tree = _parsed(table, mistakes)
        uses[name] = [] if tree is None else references(tree)
        if tree is not None:
            trees[name] = tree
            mistakes.extend(find_table_mistakes(table["file"], tree, known))
            mistakes.extend(find_output_mistakes(table, tree))
            parameters = list(_of_parameters(table, tree))
            mistakes.extend(parameters)
            mistakes.extend(_of_substitution(table, {each.line for each in parameters}))
            mistakes.extend(
                Mistake(table["file"], line, message, instead)
                for line, message, instead in unrepeatable(tree, table["sql"])
            )
    order, cycles = _ordered(gold, uses)
    mistakes.extend(cycles)
    # Of SQL that can run; what is refused is told first.
    warnings = [] if mistakes else find_warnings(request, [(each, trees[each]) for each in order])
    return {
        "tables": {
            name: {"reads": sorted({use.name for use in uses[name] if use.name in known})}
            for name in gold
        },
        "order": order,
        "mistakes": _told(mistakes),
        "warnings": _told(warnings),
    }


def _told(mistakes: list[Mistake]) -> list[dict[str, Any]]:
    return [asdict(each) for each in sorted(set(mistakes), key=astuple)]


def _parsed(table: dict[str, Any], mistakes: list[Mistake]) -> exp.Query | None:
    file, sql = table["file"], table["sql"]
    try:
        trees = parse(sql)
    except ParseError as error:
        line, message = _unreadable(error)
        message = f"this is not SQL that Spark reads: {message}"
        instead = "Write one complete SELECT."
        mistakes.append(Mistake(file, min(line, _last_line(sql)), message, instead))
        return None
    except TokenError:
        # The tokenizer knows no line; an open quote or comment runs to the end of the file.
        message = "a quote or a comment is not closed"
        mistakes.append(Mistake(file, _last_line(sql), message, "Close it."))
        return None
    if not trees:
        mistakes.append(Mistake(file, 1, "the file holds no statement", ONE_SELECT))
        return None
    if len(trees) > 1:
        message = f"the file holds {len(trees)} statements"
        mistakes.append(Mistake(file, line_of(trees[1]), message, ONE_SELECT))
        return None
    tree = trees[0]
    if not isinstance(tree, exp.Query):
        kind = (tree.name if isinstance(tree, exp.Command) else tree.key).upper()
        shown = "the text" if isinstance(tree, exp.Condition | exp.Alias) else kind
        mistakes.append(Mistake(file, line_of(tree), f"{shown} is not a SELECT", ONE_SELECT))
        return None
    return tree


def _unreadable(error: ParseError) -> tuple[int, str]:
    """The line, and the parser's finding without the words of its own program."""
    first = error.errors[0] if error.errors else {}
    near = str(first.get("highlight") or "").strip()
    at = f" near {near}" if near else ""
    description = str(first.get("description") or "").strip().rstrip(".")
    expected = re.match(r"Expect(?:ing|ed) (\S+)\Z", description)
    if expected is not None:
        message = f"{expected.group(1)} is missing{at}"
    elif description.startswith("Required keyword"):
        message = f"something is missing{at}"
    else:
        message = f"it cannot go on{at}"
    return first.get("line") or 1, message


def _of_parameters(table: dict[str, Any], tree: exp.Expr) -> Iterator[Mistake]:
    for node in tree.find_all(exp.Placeholder, exp.Parameter):
        if isinstance(node.parent, exp.Placeholder | exp.Parameter):
            continue
        kind = "variable" if isinstance(node, exp.Parameter) else "parameter"
        name = str(node.this.name if isinstance(node.this, exp.Expression) else node.this or "")
        message = f"the {kind} {name}".rstrip() + " gets no value from anybody"
        instead = "Write the value itself, or a column of the data."
        yield Mistake(table["file"], line_of(node), message, instead)


def _of_substitution(table: dict[str, Any], told: set[int]) -> Iterator[Mistake]:
    """Inside texts, names and comments, where no node of the tree stands for it. `told`: lines that
    a parameter is told of already."""
    for line, text in enumerate(table["sql"].splitlines(), start=1):
        if SUBSTITUTION in text and line not in told:
            message = f"Spark would replace {SUBSTITUTION}…}} by a setting or a variable of its own"
            instead = "Write concat('$', '{') for these two characters."
            yield Mistake(table["file"], line, message, instead)


def _ordered(
    gold: dict[str, dict[str, Any]], uses: dict[str, list[Reference]]
) -> tuple[list[str], list[Mistake]]:
    """The tables, each after those that it reads; tables in a circle come last, as mistakes."""
    order: list[str] = []
    waiting = {
        name: {use.table for use in uses[name] if use.schema == "gold" and use.table in gold}
        for name in gold
    }
    while ready := [name for name in waiting if waiting[name] <= set(order)]:
        order.append(ready[0])
        del waiting[ready[0]]
    mistakes = []
    for name in waiting:
        use = next(use for use in uses[name] if use.schema == "gold" and use.table in waiting)
        circle = (
            "itself" if use.table == name else f"{use.name}, which waits for gold.{name} in turn"
        )
        instead = "Read silver tables, or a gold table that does not read this one."
        message = f"gold.{name} reads {circle}"
        mistakes.append(Mistake(gold[name]["file"], use.line, message, instead))
    return order + list(waiting), mistakes


def _last_line(sql: str) -> int:
    return sql.rstrip().count("\n") + 1
