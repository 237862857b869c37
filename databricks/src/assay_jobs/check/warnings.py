"""What is not refused and would surprise: sums of doubles, by the contracts of the sources."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from assay_jobs.contract import find_mistakes, read_contract
from assay_jobs.determinism import Kind, kinds_of, unrounded

from .mistake import Mistake

KINDS: dict[str, Kind] = {"integer": "integer", "number": "double"}


def find_warnings(request: dict[str, Any], gold: list[tuple[str, exp.Query]]) -> list[Mistake]:
    """`gold`: each table after those that it reads."""
    tables: dict[str, dict[str, Kind]] = {
        f"silver.{source}": _kinds_of_contract(contract)
        for source, contract in request["sources"].items()
    }
    warnings: list[Mistake] = []
    for name, tree in gold:
        file = request["gold"][name]["file"]
        warnings.extend(Mistake(file, *found) for found in unrounded(tree, tables))
        tables[f"gold.{name}"] = kinds_of(tree, tables)
    return warnings


def _kinds_of_contract(schema: Any) -> dict[str, Kind]:
    """None of a contract that cannot be read, of which its own mistakes tell."""
    if any(find_mistakes(schema)):
        return {}
    properties = read_contract(schema).properties
    return {each.column.lower(): KINDS.get(each.type, "other") for each in properties}
