"""The gold SQL of a pipeline: what is wrong with it, what it reads, in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass
from typing import Any

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from assay_jobs.author_sql import Reference, line_of, parse, references
from assay_jobs.determinism import unrepeatable
from assay_jobs.suggestion import nearest

# https://docs.delta.io/latest/delta-column-mapping.html: without column mapping.
REFUSED_BY_DELTA = set(" ,;{}()\n\t=")


@dataclass(frozen=True)
class Mistake:
    file: str
    line: int
    message: str
    instead: str


def check_sql(request: dict[str, Any]) -> dict[str, Any]:
    gold: dict[str, dict[str, Any]] = request["gold"]
    known = [f"silver.{source}" for source in request["sources"]] + [
        f"gold.{each}" for each in gold
    ]
    mistakes: list[Mistake] = []
    uses: dict[str, list[Reference]] = {}
    for name, table in gold.items():
        tree = _parsed(table, mistakes)
        uses[name] = [] if tree is None else references(tree)
        if tree is not None:
            mistakes.extend(_of_tables(table["file"], tree, known))
            mistakes.extend(_of_outputs(table, tree))
            mistakes.extend(
                Mistake(table["file"], line, message, instead)
                for line, message, instead in unrepeatable(tree, table["sql"])
            )
    order, cycles = _ordered(gold, uses)
    mistakes.extend(cycles)
    return {
        "tables": {
            name: {"reads": sorted({use.name for use in uses[name] if use.name in known})}
            for name in gold
        },
        "order": order,
        "mistakes": [asdict(each) for each in sorted(set(mistakes), key=astuple)],
    }


def _parsed(table: dict[str, Any], mistakes: list[Mistake]) -> exp.Expr | None:
    file, sql = table["file"], table["sql"]
    try:
        trees = parse(sql)
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        near = first.get("highlight")
        message = str(first.get("description", error)).rstrip(".")
        mistakes.append(
            Mistake(
                file,
                first.get("line") or 1,
                f"this is not SQL that Spark reads: {message}" + (f" near {near}" if near else ""),
                "one complete SELECT",
            )
        )
        return None
    except TokenError:
        # The tokenizer knows no line; an open quote or comment runs to the end of the file.
        mistakes.append(
            Mistake(file, _last_line(sql), "a quote or a comment is not closed", "close it")
        )
        return None
    if len(trees) != 1:
        count = "no statement" if not trees else f"{len(trees)} statements"
        line = 1 if not trees else line_of(trees[1])
        mistakes.append(Mistake(file, line, f"the file holds {count}", "one SELECT"))
        return None
    tree = trees[0]
    if not isinstance(tree, exp.Query):
        kind = tree.key.upper()
        mistakes.append(Mistake(file, line_of(tree), f"{kind} is not a SELECT", "one SELECT"))
        return None
    return tree


def _of_tables(file: str, tree: exp.Expr, known: list[str]) -> Iterator[Mistake]:
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            function = table.this
            if not isinstance(function, exp.Explode | exp.Posexplode | exp.Inline):
                yield Mistake(
                    file,
                    line_of(table),
                    f"{function.sql()[:40]} is not a table of this pipeline",
                    "silver.<source> or gold.<table>",
                )
            continue
        written = ".".join(part.name for part in table.parts).lower()
        line = line_of(table)
        if len(table.parts) == 1 and written in own:
            continue
        if len(table.parts) == 2 and written in known:
            continue
        schema = written.split(".")[0] if len(table.parts) == 2 else None
        close = nearest(written, known)
        near = (
            [close]
            if close
            else [each for each in known if each.split(".")[1] == written.split(".")[-1]]
        )
        if len(table.parts) > 2 or (schema and schema not in ("silver", "gold")):
            message = f"{written} is in a schema that is not this pipeline's"
        else:
            message = f"{written} is not a table of this pipeline"
        yield Mistake(file, line, message, near[0] if near else f"one of {', '.join(known)}")


def _of_outputs(table: dict[str, Any], tree: exp.Expr) -> Iterator[Mistake]:
    file = table["file"]
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            yield Mistake(
                file, line_of(star), "* takes whatever columns there are", "the columns by name"
            )
    assert isinstance(tree, exp.Query)
    seen: set[str] = set()
    for column in tree.selects:
        if isinstance(column, exp.Star) or isinstance(column.this, exp.Star):
            return
        name, line = column.alias_or_name, line_of(column)
        if not name:
            text = column.sql(dialect="databricks")[:40]
            yield Mistake(file, line, f"{text} has no name", f"{text} AS a_name")
        elif name.lower() in seen:
            yield Mistake(file, line, f"the column {name} is there twice", "a name for each column")
        elif set(name) & REFUSED_BY_DELTA:
            written = re.sub(r"\W+", "_", name).strip("_")
            yield Mistake(
                file, line, f"the column `{name}` has a character that Delta refuses", written
            )
        elif name.startswith("_"):
            yield Mistake(
                file, line, f"{name}: names with _ in front are Assay's", name.lstrip("_")
            )
        seen.add(name.lower())
    for key in table["key"]:
        if key.lower() not in seen:
            near = nearest(key, sorted(seen))
            hint = f"SELECT {near} AS {key}" if near else f"select {key}, or change the key"
            yield Mistake(file, line_of(tree), f"the key column {key} is not selected", hint)


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
        mistakes.append(
            Mistake(gold[name]["file"], use.line, f"gold.{name} reads {circle}", "silver tables")
        )
    return order + list(waiting), mistakes


def _last_line(sql: str) -> int:
    return sql.rstrip().count("\n") + 1
