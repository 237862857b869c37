"""The change sets of all gold tables, written below the attempt's folder and checked, before any
commit to gold; together they are the batch's seal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812

from assay_jobs import quoting as q
from assay_jobs.attempt import Attempt
from assay_jobs.batch import GoldTable
from assay_jobs.failures import blaming
from assay_jobs.lake import Document

from .candidate import Candidate, next_view, read_candidate
from .keys import UNUSABLE, check_keys, typed_key
from .lines import (
    ROWS_PER_PART,
    read_changes,
    read_lines,
    snapshot_lines,
    to_lines,
    typed_value,
)
from .sinks import sealed_sinks, tables_with_snapshot
from .trial import try_shapes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row

CHANGES, SNAPSHOTS = "changes", "snapshots"
REFUSED = "refused"


@dataclass(frozen=True)
class Staged:
    candidate: Candidate
    has_snapshot: bool
    """Whether a snapshot was written beside the changes."""

    @property
    def name(self) -> str:
        return self.candidate.table.name


def stage(attempt: Attempt, sealed_since: set[int]) -> Document:
    """The document to seal. `sealed_since`: skipped batches with a seal."""
    sinks = sealed_sinks(attempt, sealed_since)
    wanted = tables_with_snapshot(sinks)
    staged: dict[str, Staged] = {}
    attempt.points.before("gold changes")
    for wave in _waves(attempt.batch.definition.gold):
        known = tuple(staged)
        for each in attempt.warehouse.together(
            [
                partial(
                    _stage,
                    attempt,
                    table,
                    None if sealed_since else attempt.previous.key_of(table.name),
                    known,
                    table.name in wanted,
                )
                for table in wave
            ]
        ):
            staged[each.name] = each
    try_shapes(attempt, [each.candidate for each in staged.values()])
    rows = _counted(attempt, list(staged.values()))
    tables = {
        name: _table_document(attempt, each, [row for row in rows if row["table"] == name])
        for name, each in staged.items()
    }
    for name in wanted & set(tables):
        tables[name].setdefault("snapshot", tables[name]["changes"])
    return {
        "incarnation": attempt.batch.incarnation,
        "definition": attempt.batch.definition.digest,
        "tables": tables,
        "sinks": sinks,
    }


def _waves(tables: tuple[GoldTable, ...]) -> list[list[GoldTable]]:
    """Tables that do not read each other are computed side by side, their readers after them."""
    depth: dict[str, int] = {}
    for table in tables:
        reads = [read.removeprefix("gold.") for read in table.reads if read.startswith("gold.")]
        depth[table.name] = 1 + max((depth.get(read, 0) for read in reads), default=0)
    return [
        [table for table in tables if depth[table.name] == level]
        for level in sorted(set(depth.values()))
    ]


def _stage(
    attempt: Attempt,
    table: GoldTable,
    key_before: tuple[str, ...] | None,
    known: tuple[str, ...],
    snapshot_wanted: bool,
) -> Staged:
    candidate = read_candidate(attempt.warehouse, table, key_before, known)
    with blaming(table.file, table.sql):
        attempt.warehouse.write_lines(
            to_lines(candidate.changes(), candidate.schema),
            attempt.lake.path(_folder(attempt, CHANGES, table.name)),
            ROWS_PER_PART,
        )
    next_state = _next_state(attempt, candidate)
    next_state.createOrReplaceTempView(next_view(table.name))
    # Where the key is new, the changes are every row already.
    has_snapshot = snapshot_wanted and candidate.keeps_key
    if has_snapshot:
        attempt.warehouse.write_lines(
            snapshot_lines(next_state, table.key, candidate.schema),
            attempt.lake.path(_folder(attempt, SNAPSHOTS, table.name)),
            ROWS_PER_PART,
        )
    return Staged(candidate, has_snapshot)


def _next_state(attempt: Attempt, candidate: Candidate) -> DataFrame:
    """The table with its changes, before any commit: for the gold tables that read this one."""
    changes = read_changes(
        attempt.warehouse, attempt.lake, [_folder(attempt, CHANGES, candidate.table.name)]
    )
    value = typed_value(candidate.value_schema)
    rows = changes.where("op = 'upsert'").selectExpr(f"{value} AS v").selectExpr("v.*")
    if candidate.before is None or not candidate.keeps_shape:
        return rows
    touched = changes.selectExpr(
        *(
            f"{part} AS _key_{at}"
            for at, part in enumerate(typed_key(candidate.table.key, candidate.schema))
        )
    ).alias("d")
    same = " AND ".join(f"o.{each} = d._key_{at}" for at, each in enumerate(candidate.key))
    return rows.unionByName(candidate.before.alias("o").join(touched, F.expr(same), "left_anti"))


def _counted(attempt: Attempt, staged: list[Staged]) -> list[Row]:
    """One query over all that was written, and the tables as they are."""
    counts = []
    for each in staged:
        name = q.text(each.name)
        for folder in (CHANGES, SNAPSHOTS) if each.has_snapshot else (CHANGES,):
            view = f"_{folder}_{each.name}"
            path = _folder(attempt, folder, each.name)
            read_lines(attempt.warehouse, attempt.lake, [path]).selectExpr(
                "*", "_metadata.file_path AS _file"
            ).createOrReplaceTempView(view)
            counts.append(
                f"SELECT {name} AS table, {q.text(folder)} AS folder, op, isNew, reason, _file, "
                f"count(1) AS row_count FROM {view} GROUP BY op, isNew, reason, _file"
            )
        if each.candidate.before is not None:
            counts.append(
                f"SELECT {name}, 'before', NULL, NULL, NULL, NULL, count(1) "
                f"FROM {attempt.warehouse.table('gold', each.name)}"
            )
    return attempt.warehouse.rows(" UNION ALL ".join(counts)) if counts else []


def _table_document(attempt: Attempt, staged: Staged, rows: list[Row]) -> Document:
    """What process.json says of a table, and in `apply` what its commit needs."""
    candidate = staged.candidate
    changes = [row for row in rows if row["folder"] == CHANGES]

    def count(op: str, is_new: bool | None) -> int:
        found = (row for row in changes if row["op"] == op and row["isNew"] == is_new)
        return sum(row["row_count"] for row in found)

    refused: dict[str, int] = {}
    for row in changes:
        if row["op"] == REFUSED:
            refused[row["reason"]] = refused.get(row["reason"], 0) + row["row_count"]
    check_keys(candidate.table, refused)
    before = sum(row["row_count"] for row in rows if row["folder"] == "before")
    inserted, deleted = count("upsert", True), count("delete", None)
    if not candidate.keeps_key:
        # Under the old key all rows go; the changes name none of them.
        deleted = before
    document: Document = {
        "key": list(candidate.table.key),
        "rows": before + inserted - deleted,
        "inserted": inserted,
        "updated": count("upsert", False),
        "deleted": deleted,
        "refused": {why: refused[why] for why in UNUSABLE if why in refused},
        "changes": _parts(attempt, [row for row in changes if row["op"] != REFUSED]),
        "apply": {
            "replaces": not candidate.keeps_shape,
            "schema": candidate.value_schema,
            "columns": candidate.columns,
            "keyColumns": candidate.key,
            "typedKey": typed_key(candidate.table.key, candidate.schema),
        },
    }
    if staged.has_snapshot:
        document["snapshot"] = _parts(attempt, [row for row in rows if row["folder"] == SNAPSHOTS])
    return document


def _parts(attempt: Attempt, rows: list[Row]) -> list[Document]:
    parts: dict[str, int] = {}
    for row in rows:
        path = attempt.lake.relative(row["_file"], attempt.folder)
        parts[path] = parts.get(path, 0) + row["row_count"]
    return [{"path": path, "rows": count} for path, count in sorted(parts.items())]


def _folder(attempt: Attempt, folder: str, table: str) -> str:
    return f"{attempt.folder}/{folder}/{table}"
