"""What a SELECT reads: the pipeline's own tables, and rows that it makes itself."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from assay_jobs.author_sql import is_hint, line_of
from assay_jobs.suggestion import nearest

from .mistake import Mistake

ROWS_OF_ITS_OWN = (exp.Explode, exp.Posexplode, exp.Inline)
ROWS_OF_ITS_OWN_NAMES = {"range", "sequence", "stack", "json_tuple", "explode_outer",
                         "posexplode_outer", "inline_outer", "variant_explode",
                         "variant_explode_outer"}  # fmt: skip


def find_table_mistakes(file: str, tree: exp.Expr, known: list[str]) -> Iterator[Mistake]:
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if is_hint(table):
            continue
        if not isinstance(table.this, exp.Identifier):
            if not _makes_rows(table.this):
                message = f"{table.this.sql()[:40]} is not a table of this pipeline"
                instead = "Write silver.<source> or gold.<table>."
                yield Mistake(file, line_of(table), message, instead)
            continue
        written = ".".join(part.name for part in table.parts).lower()
        if table.args.get("version") or isinstance(table.parent, exp.Stream):
            message = f"{written} is read as it is in this batch, at no other version"
            yield Mistake(file, line_of(table), message, f"Write {written} alone.")
        is_own = len(table.parts) == 1 and written in own
        if not is_own and not (len(table.parts) == 2 and written in known):
            yield _unknown(file, table, written, known)


def _makes_rows(function: exp.Expr) -> bool:
    if isinstance(function, exp.Anonymous):
        return function.name.lower() in ROWS_OF_ITS_OWN_NAMES
    return isinstance(function, ROWS_OF_ITS_OWN)


def _unknown(file: str, table: exp.Table, written: str, known: list[str]) -> Mistake:
    schema = written.split(".")[0] if len(table.parts) == 2 else None
    same_name = [each for each in known if each.split(".")[1] == written.split(".")[-1]]
    near = nearest(written, known) or (same_name[0] if same_name else None)
    if len(table.parts) > 2 or (schema and schema not in ("silver", "gold")):
        message = f"{written} is in a schema that is not this pipeline's"
    else:
        message = f"{written} is not a table of this pipeline"
    if near is not None:
        instead = f"Write {near}."
    elif known:
        instead = f"Write one of {', '.join(known)}."
    else:
        instead = "Add it to the pipeline's sources."
    return Mistake(file, line_of(table), message, instead)
