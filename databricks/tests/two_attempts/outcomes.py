"""All that others see of a pipeline, as texts that can be compared."""

from __future__ import annotations

import json
import re
from typing import Any

from .worlds import World

WORK = re.compile(r"/work/\d+-[0-9a-f]{8}/")
Outcome = dict[str, str]
SHOWN = 200


def read_outcome(world: World, first: int, merges_parts: bool = False) -> Outcome:
    """Tables by value; the documents of the batches from `first` on; what a sink would hold.

    `merges_parts`: how many parts Spark writes, and their names, is its own choice.
    """
    lake = world.lake
    outcome: Outcome = {}
    for layer in ("silver", "gold"):
        for table in world.tables(layer):
            # A seal names a folder of its attempt's own; process.json, which says the same, counts.
            # The log has one winner, gold's seal another: each names the definition that it has.
            rows = [
                {"batch": row["batch"]}
                if table == "_seals"
                else {name: row[name] for name in sorted(row) if name != "_definition"}
                for row in world.rows(layer, table)
            ]
            outcome[f"{layer}.{table}"] = "\n".join(sorted(map(repr, rows)))
    served: dict[str, dict[str, Any]] = {}
    for batch in range(1, lake.number + 1):
        folder = lake.root / lake.folder(batch)
        for name in ("silver.json", "process.json"):
            path = folder / name
            text = path.read_text() if path.exists() else ""
            if batch >= first:
                outcome[f"{batch}/{name}"] = _document(text, merges_parts)
        if text:
            process = json.loads(text)
            assert _is_as_sealed(world, process), f"batch {batch} did not end as its seal says"
            _deliver(world, process, served)
    for at, documents in served.items():
        outcome[f"documents of {at}"] = json.dumps(documents, sort_keys=True)
    return outcome


def _is_as_sealed(world: World, process: dict[str, Any]) -> bool:
    """The paths of the parts too. Old seals are forgotten."""
    rows = [row for row in world.rows("gold", "_seals") if row["batch"] == process["batch"]]
    sealed = [json.loads(row["document"]) for row in rows]
    for document in sealed:
        for table in document["tables"].values():
            del table["apply"]
    return all(
        each[name] == process[name] for each in sealed for name in ("definition", "tables", "sinks")
    )


def _document(text: str, merges_parts: bool) -> str:
    """Whoever wrote it: each process has a folder of its own."""
    if not text or not merges_parts:
        return WORK.sub("/work/own/", text)
    document = json.loads(text)
    for table in document.get("tables", {}).values():
        for name in ("changes", "snapshot"):
            if name in table:
                table[name] = sum(part["rows"] for part in table[name])
    return json.dumps(document, indent=1)


def _deliver(world: World, process: dict[str, Any], served: dict[str, dict[str, Any]]) -> None:
    """As a sink does it: a snapshot is all there is, changes are added to what was."""
    for sink, owed in process["sinks"].items():
        for table, mode in owed["tables"].items():
            at = f"{sink}.{table}"
            if mode == "snapshot":
                served[at] = {}
            sealed = process["tables"][table]
            for line in world.lake.lines(sealed[mode]):
                key = json.dumps(line["key"])
                if line["op"] == "delete":
                    # A document that is not there would be a change of something that never was.
                    del served[at][key]
                else:
                    assert mode == "snapshot" or line["isNew"] == (key not in served[at]), line
                    served[at][key] = line["value"]


def gold_as_documents(world: World, table: str, key: str) -> str:
    """What the documents of a table have to be, from the table itself."""
    rows = {json.dumps([str(row[key])]): row for row in world.rows("gold", table)}
    return json.dumps(rows, sort_keys=True)


def differences(found: Outcome, wanted: Outcome) -> list[str]:
    return [
        f"{name} {_difference(found.get(name, ''), wanted.get(name, ''))}"
        for name in sorted({*found, *wanted})
        if found.get(name) != wanted.get(name)
    ]


def _difference(found: str, wanted: str) -> str:
    """The lines that only one of them has."""
    own, others = found.splitlines(), wanted.splitlines()
    too_many = [line.strip() for line in own if line not in others]
    missing = [line.strip() for line in others if line not in own]
    return f"has {' '.join(too_many)[:SHOWN]!r} instead of {' '.join(missing)[:SHOWN]!r}"
