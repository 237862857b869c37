"""What silver's logs and gold hold, read with delta-rs: a reader that shares no code with the writer.

``python -m assay_local.reconciliation <state folder> <pipeline> <request>`` prints one JSON document. The request:
``{"gold": {"table": ["key", ...], ...}, "sources": {"source": {"replaces": true, "key": ["column", ...]}, ...}}``, and
``lastWins`` of a source of which the last row with a key stands.
"""

import json
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from assay_local.silver_rows import SourceForm, compare, left_out_batches, newest_files

# The generation of rows that came from dropped files; their position is a line of a file.
FILES = "files"
# So begin the reasons of files that are refused as a whole.
OF_FILES = "file: "
DROPPED_AGAIN = "file: dropped again"  # of each of its rows
# Why a row is a duplicate that only repeats another one's place: its event was delivered twice.
REPEATED = "position"
COLUMNS = ["_verdict", "_reason", "_generation", "_partition", "_sequence", "_file"]
# Tells rows of one event from each other, in the logs of sources that split their events.
ITEM = "_item"
# The mark of a file without rows, which is no row.
NO_ROWS = "empty"


def to_ranges(sequences: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for sequence in sorted(set(sequences)):
        if ranges and sequence == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], sequence)
        else:
            ranges.append((sequence, sequence))
    return ranges


def read_log(path: Path) -> dict[str, Any]:
    log = DeltaTable(path)
    item = [ITEM] if ITEM in {field.name for field in log.schema().fields} else []
    rows = log.to_pyarrow_table(columns=[*COLUMNS, *item])
    verdicts = {row["values"]: row["counts"] for row in pc.value_counts(rows["_verdict"]).to_pylist()}
    positions: dict[str, set[int]] = {}
    counted: dict[str, set[tuple[int, str | int | None]]] = {}
    repeated: dict[str, int] = {}
    files: dict[str, int] = {}
    refused: set[str] = set()
    for row in rows.to_pylist():
        if row["_verdict"] == NO_ROWS:
            continue
        stream, sequence = f"{row['_generation']}/{row['_partition']}", row["_sequence"]
        is_file = row["_generation"] == FILES
        if is_file:
            files[row["_file"]] = files.get(row["_file"], 0) + 1
            if str(row["_reason"]).startswith(OF_FILES) and row["_reason"] != DROPPED_AGAIN:
                refused.add(row["_file"])
        else:
            positions.setdefault(stream, set()).add(sequence)
        if row["_reason"] == REPEATED:
            continue
        # Several files of one name number their rows each from one.
        place = (sequence, row["_file"] if is_file else row.get(ITEM))
        if place in counted.setdefault(stream, set()):
            repeated[stream] = repeated.get(stream, 0) + 1
        counted[stream].add(place)
    return {
        "verdicts": verdicts,
        "repeated": repeated,
        "positions": {stream: to_ranges(sequences) for stream, sequences in positions.items()},
        "files": files,
        "refused": sorted(refused),
    }


def as_text(value: object) -> str:
    """A part of a key as the job writes it: Spark's cast to string, instants in UTC with microseconds."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)


def read_gold(path: Path, key: list[str]) -> dict[str, Any]:
    rows: pa.Table = DeltaTable(path).to_pyarrow_table(columns=key)
    return {
        "rows": rows.num_rows,
        "keys": [[as_text(row[name]) for name in key] for row in rows.to_pylist()],
    }


def read_silver(state: Path, pipeline: str, forms: dict[str, Any]) -> dict[str, Any]:
    schema = state / "warehouse" / f"{pipeline}_silver.db"
    batches = state / "lake" / "_assay" / "pipelines" / pipeline / "batches"
    return {
        name: compare(
            schema / f"{name}_log",
            schema / name,
            SourceForm(name, form["replaces"], tuple(form["key"]), form.get("lastWins", False)),
            newest_files(batches, name),
            left_out_batches(batches),
        )
        for name, form in forms.items()
        if (schema / name / "_delta_log").is_dir() and (schema / f"{name}_log" / "_delta_log").is_dir()
    }


def main(state: str, pipeline: str, request: str) -> None:
    asked = json.loads(request)
    silver = Path(state, "warehouse", f"{pipeline}_silver.db")
    gold = Path(state, "warehouse", f"{pipeline}_gold.db")
    logs = sorted(silver.glob("*_log")) if silver.is_dir() else []
    report = {
        "sources": {log.name.removesuffix("_log"): read_log(log) for log in logs},
        "silver": read_silver(Path(state), pipeline, asked["sources"]),
        "gold": {
            table: read_gold(gold / table, key)
            for table, key in asked["gold"].items()
            if (gold / table / "_delta_log").is_dir()
        },
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.flush()
    # Threads of the libraries that read Delta may end the process with an abort when Python unloads them.
    os._exit(0)
