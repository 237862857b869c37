"""What silver's logs and gold hold, read with delta-rs: a reader that shares no code with the writer.

``python -m assay_local.reconciliation <warehouse> <pipeline> <{"table": ["key", ...], ...}>`` prints one JSON document.
"""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

# The generation of rows that came from dropped files; their position is a line of a file.
FILES = "files"
DUPLICATE = "duplicate"
POSITION = ["_verdict", "_generation", "_partition", "_sequence", "_file"]


def to_ranges(sequences: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for sequence in sorted(set(sequences)):
        if ranges and sequence == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], sequence)
        else:
            ranges.append((sequence, sequence))
    return ranges


def read_log(path: Path) -> dict[str, Any]:
    rows = DeltaTable(path).to_pyarrow_table(columns=POSITION)
    verdicts = {row["values"]: row["counts"] for row in pc.value_counts(rows["_verdict"]).to_pylist()}
    positions: dict[str, set[int]] = {}
    counted: dict[str, set[int]] = {}
    repeated: dict[str, int] = {}
    files: dict[str, int] = {}
    for row in rows.to_pylist():
        if row["_generation"] == FILES:
            files[row["_file"]] = files.get(row["_file"], 0) + 1
            continue
        stream, sequence = f"{row['_generation']}/{row['_partition']}", row["_sequence"]
        positions.setdefault(stream, set()).add(sequence)
        if row["_verdict"] == DUPLICATE:
            continue
        if sequence in counted.setdefault(stream, set()):
            repeated[stream] = repeated.get(stream, 0) + 1
        counted[stream].add(sequence)
    return {
        "verdicts": verdicts,
        "repeated": repeated,
        "positions": {stream: to_ranges(sequences) for stream, sequences in positions.items()},
        "files": files,
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


def main(warehouse: str, pipeline: str, keys: str) -> None:
    silver = Path(warehouse, f"{pipeline}_silver.db")
    gold = Path(warehouse, f"{pipeline}_gold.db")
    logs = sorted(silver.glob("*_log")) if silver.is_dir() else []
    report = {
        "sources": {log.name.removesuffix("_log"): read_log(log) for log in logs},
        "gold": {
            table: read_gold(gold / table, key)
            for table, key in json.loads(keys).items()
            if (gold / table / "_delta_log").is_dir()
        },
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
