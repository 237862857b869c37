"""Whether a silver table holds what its log calls good: no other figure shows a row that is gone or there twice."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

GOOD = {"accepted", "late"}
QUARANTINED = "quarantined"
# `_item` where an event holds several rows.
PLACE = ("_generation", "_partition", "_sequence", "_item", "_file")
FEW = 5

Row = dict[str, Any]
Identity = tuple[Any, ...]


@dataclass(frozen=True)
class SourceForm:
    name: str
    replaces: bool
    """A dropped file stands instead of the older one of its name."""
    key: tuple[str, ...]
    last_wins: bool = False
    """Of rows with one key the last one stands."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What is there once: where a file replaces another, its rows keep no place."""
        if self.last_wins and self.key:
            return self.key
        if not self.replaces:
            return PLACE
        return self.key or ("_partition", "_sequence")


def compare(
    log: Path, table: Path, form: SourceForm, newest: dict[str, str], left_out: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """``newest``: the id of the newest file of each name that a processed batch took. ``left_out``: batches whose rows
    do not count: the next batch takes them out of the log."""
    judged = [
        row for row in _rows(log, sorted({"_batch", "_verdict", *PLACE, *form.key})) if row["_batch"] not in left_out
    ]
    there = Counter(_identity(row, form) for row in _rows(table, list(form.identity)))
    wanted, allowed = _expected(judged, form, newest)
    missing, extra = wanted - there.keys(), there.keys() - allowed
    return {
        "rows": there.total(),
        "missing": len(missing),
        "extra": len(extra),
        "doubled": sum(count - 1 for count in there.values()),
        "some": [_text(each) for each in sorted(missing or extra, key=str)[:FEW]],
    }


def newest_files(batches: Path, source: str) -> dict[str, str]:
    """By name. Batches are numbered with leading zeros, so their order is that of their folders."""
    newest: dict[str, str] = {}
    for batch in sorted(batches.glob("*")):
        manifest = batch / "manifest.json"
        if (batch / "process.json").exists() and manifest.exists():
            for file in json.loads(manifest.read_text())["files"]:
                if file["source"] == source:
                    newest[file["name"]] = file["id"]
    return newest


def left_out_batches(batches: Path) -> frozenset[int]:
    """Those that were skipped before silver had an account of them."""
    skipped = [path.parent for path in batches.glob("*/skipped.json")]
    return frozenset(int(batch.name) for batch in skipped if not (batch / "silver.json").exists())


def _expected(judged: list[Row], form: SourceForm, newest: dict[str, str]) -> tuple[set[Identity], set[Identity]]:
    """What has to be in silver, and what may be."""
    if not form.replaces:
        good = {_identity(row, form) for row in judged if row["_verdict"] in GOOD}
        return good, good
    readable = [row for row in judged if row["_verdict"] != QUARANTINED]
    quarantined = {row["_file"] for row in judged} - {row["_file"] for row in readable}
    latest: dict[str, int] = {}
    for row in readable:
        latest[row["_partition"]] = max(row["_batch"], latest.get(row["_partition"], 0))
    current = [row for row in readable if row["_batch"] == latest[row["_partition"]]]
    files: dict[str, set[str]] = {}
    for row in current:
        files.setdefault(row["_partition"], set()).add(row["_file"])
    # A newest file without rows has taken the place of the others, or was refused: nothing has to be there.
    certain = {
        name
        for name, ids in files.items()
        if len(ids) == 1 and (newest.get(name) in ids or newest.get(name) in quarantined)
    }
    wanted = {_identity(row, form) for row in current if row["_verdict"] in GOOD and row["_partition"] in certain}
    # A key that two files hold is a duplicate in one of them, and may come back when the other goes.
    return wanted, {_identity(row, form) for row in current}


def _rows(table: Path, columns: list[str]) -> list[Row]:
    delta = DeltaTable(table)
    there = {field.name for field in delta.schema().fields}
    rows: list[Row] = delta.to_pyarrow_table(columns=[column for column in columns if column in there]).to_pylist()
    return rows


def _identity(row: Row, form: SourceForm) -> Identity:
    return tuple(row.get(column) for column in form.identity)


def _text(identity: Identity) -> str:
    return "/".join(str(part) for part in identity if part is not None)
