"""Gold: all change sets are written and checked, then sealed, and only then applied.

A change set must outlive every crash: once its MERGE is committed, nobody can tell any more what
it changed. So the change set comes first, as files under `changes/<table>/`; `gold.json` seals it
(written whole, after every check of every table); and the MERGE reads its rows from these very
files. A repeat that finds the seal applies the same files again, to which a MERGE that already
happened is deaf; one that finds none has committed nothing to gold and starts over. A sealed
batch is finished as it was sealed: a definition that was repaired meanwhile counts from the next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from . import quoting as q
from .author_sql import parse, references
from .candidate import JSON_OPTIONS, KEY_PROBLEMS, Candidate
from .errors import InputError
from .failures import blaming
from .lake import Document, Lake
from .plan import Batch, GoldTable
from .warehouse import PROPERTIES, ROWS_PER_FILE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row

    from .warehouse import Warehouse

# The app reads a part whole, as one string, of which V8 takes 512 MB: 10 KB a row.
ROWS_PER_PART = 50_000


class GoldStep:
    def __init__(self, warehouse: Warehouse, lake: Lake, batch: Batch) -> None:
        self.warehouse = warehouse
        self.lake = lake
        self.batch = batch
        self.seal_path = f"{batch.folder}/gold.json"

    def seal(self, before_seal: Callable[[], None] = lambda: None) -> Document:
        """Write, check and seal the change sets, unless an earlier attempt did."""
        sealed = self.lake.find(self.seal_path)
        if sealed is not None:
            return sealed
        candidates: dict[str, Candidate] = {}
        self.warehouse.has("gold", "")
        for wave in _waves(self.batch.definition.gold):
            for candidate in self.warehouse.together(
                [partial(self._stage, table, tuple(candidates)) for table in wave]
            ):
                candidates[candidate.table.name] = candidate
        tables = self._checked(list(candidates.values()))
        sealed = {
            "version": 1,
            "batch": self.batch.number,
            "definition": self.batch.definition.digest,
            "tables": tables,
        }
        before_seal()
        self.lake.write(self.seal_path, sealed)
        return sealed

    def apply(self, table: str, sealed: Document) -> None:
        plan = sealed["tables"][table]
        changes = self._read(table, plan["schema"], [each["path"] for each in plan["changes"]])
        view = f"_changes_{table}"
        path, columns = self.warehouse.table("gold", table), plan["columns"]
        if plan["replaces"]:
            if changes is None:
                changes = self.warehouse.spark.createDataFrame([], plan["schema"])
            changes.createOrReplaceTempView(view)
            # One commit for a table that is new or whose columns changed; its history goes on.
            parts = 1 + plan["rows"] // ROWS_PER_FILE
            self.warehouse.commit(
                f"CREATE OR REPLACE TABLE {path} USING delta {PROPERTIES} "
                f"AS SELECT /*+ COALESCE({parts}) */ value.* FROM {view} WHERE op = 'upsert'"
            )
        elif changes is not None:
            changes.selectExpr(
                "op", "value", *(f"{value} AS _key_{at}" for at, value in enumerate(plan["key"]))
            ).createOrReplaceTempView(view)
            same = " AND ".join(
                f"t.{each} = s._key_{at}" for at, each in enumerate(plan["keyColumns"])
            )
            equal = " AND ".join(f"t.{each} <=> s.value.{each}" for each in columns)
            self.warehouse.commit(
                f"MERGE INTO {path} t USING {view} s ON {same} "
                "WHEN MATCHED AND s.op = 'delete' THEN DELETE "
                f"WHEN MATCHED AND NOT ({equal}) THEN UPDATE SET "
                f"{q.listed(f't.{each} = s.value.{each}' for each in columns)} "
                f"WHEN NOT MATCHED AND s.op = 'upsert' THEN INSERT ({q.listed(columns)}) "
                f"VALUES ({q.listed(f's.value.{each}' for each in columns)})"
            )

    def version_of(self, table: str) -> int:
        history = self.warehouse.rows(
            f"DESCRIBE HISTORY {self.warehouse.table('gold', table)} LIMIT 1"
        )
        version: int = history[0]["version"]
        return version

    def _folder(self, table: str) -> str:
        return f"{self.batch.folder}/changes/{table}"

    def _stage(self, table: GoldTable, known: tuple[str, ...]) -> Candidate:
        candidate = Candidate(self.warehouse, table, known)
        self._write_changes(candidate)
        candidate.show_next_state(self._changes(table, candidate.change_schema()))
        return candidate

    def _write_changes(self, candidate: Candidate) -> None:
        target = self.lake.path(self._folder(candidate.table.name))
        writer = (
            candidate.changes()
            .write.mode("overwrite")
            .options(**JSON_OPTIONS, maxRecordsPerFile=ROWS_PER_PART)
        )
        with blaming(candidate.table.file, candidate.table.sql):
            self.warehouse.counted(lambda: writer.json(target), commits=0)

    def _changes(self, table: GoldTable, schema: str) -> DataFrame:
        changes = self._read(table.name, schema, [self._folder(table.name)])
        assert changes is not None
        return changes

    def _read(self, table: str, schema: str, paths: list[str]) -> DataFrame | None:
        if not paths:
            return None
        reader = self.warehouse.spark.read.schema(schema).options(**JSON_OPTIONS, mode="FAILFAST")
        return reader.json([self.lake.path(path) for path in paths])

    def _checked(self, candidates: list[Candidate]) -> dict[str, Any]:
        """One query over all change sets and the tables as they are."""
        counts = []
        for each in candidates:
            view, name = f"_written_{each.table.name}", q.text(each.table.name)
            self._changes(each.table, each.change_schema()).selectExpr(
                "*", "_metadata.file_path AS _file"
            ).createOrReplaceTempView(view)
            counts.append(
                f"SELECT {name} AS table, op, isNew, _file, count(1) AS row_count, "
                "left(min(to_json(key)) FILTER (WHERE op NOT IN ('upsert', 'delete')), 100) "
                f"AS example FROM {view} GROUP BY op, isNew, _file"
            )
            if each.exists:
                counts.append(
                    f"SELECT {name}, 'before', NULL, NULL, count(1), NULL FROM {each.path}"
                )
        rows = self.warehouse.rows(" UNION ALL ".join(counts)) if counts else []
        return {
            each.table.name: _checked_table(
                each,
                [row for row in rows if row["table"] == each.table.name],
                lambda uri: self.lake.relative(uri, self.batch.folder),
            )
            for each in candidates
        }


def _waves(tables: tuple[GoldTable, ...]) -> list[list[GoldTable]]:
    """Tables that do not read each other are computed side by side, their readers after them."""
    depth: dict[str, int] = {}
    for table in tables:
        with blaming(table.file, table.sql):
            uses = [use.table for use in references(parse(table.sql)[0]) if use.schema == "gold"]
        depth[table.name] = 1 + max((depth.get(use, 0) for use in uses), default=0)
    return [
        [table for table in tables if depth[table.name] == level]
        for level in sorted(set(depth.values()))
    ]


def _checked_table(
    candidate: Candidate, rows: list[Row], relative: Callable[[str], str]
) -> dict[str, Any]:
    table = candidate.table

    def count(op: str, is_new: bool | None = None) -> int:
        return sum(
            row["row_count"] for row in rows if row["op"] == op and row["isNew"] in (is_new, None)
        )

    _refuse_keys(table, rows)
    parts: dict[str, int] = {}
    for row in rows:
        if row["_file"] is not None:
            path = relative(row["_file"])
            parts[path] = parts.get(path, 0) + row["row_count"]
    inserted, deleted = count("upsert", True), count("delete")
    return {
        "rows": count("before") + inserted - deleted,
        "inserted": inserted,
        "updated": count("upsert", False),
        "deleted": deleted,
        "replaces": not candidate.keeps_shape,
        "schema": candidate.change_schema(),
        "columns": candidate.columns,
        "keyColumns": candidate.key,
        "key": candidate.key_values(),
        "changes": [{"path": path, "rows": count_} for path, count_ in sorted(parts.items())],
    }


def _refuse_keys(table: GoldTable, rows: list[Row]) -> None:
    found = []
    for problem, wording in KEY_PROBLEMS.items():
        refused = [row for row in rows if row["op"] == problem]
        if refused:
            count = sum(row["row_count"] for row in refused)
            example = min(row["example"] for row in refused)
            rows_ = "1 row" if count == 1 else f"{count} rows"
            found.append(f"{wording} in {rows_}, for example {example}")
    if found:
        raise InputError(
            "GOLD_KEY_NOT_USABLE",
            f"the key ({', '.join(table.key)}) is {'; '.join(found)}: "
            "group by the key, leave such rows out, or choose another",
            sql_state="23000",
            file=table.file,
        )
