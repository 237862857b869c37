"""Silver: every row that came in goes into the source's log with its verdict, by one append; what
the log holds as good goes into the source's table, by a MERGE that its own data make repeatable."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from . import quoting as q
from .checking import check_json
from .contract import read_contract
from .errors import InputError
from .events import read_slices
from .failures import VALUES_CLASSES, blaming
from .files import current_files, read_files, without_redropped
from .lake import Lake
from .plan import Batch, Source
from .verdicts import VERDICTS, with_keys_counted, with_positions_counted, with_verdicts
from .warehouse import PROPERTIES, ROWS_PER_FILE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from .warehouse import Warehouse

BYTES_PER_ROW = 50  # of a CSV, to guess its rows from its size
GOOD = "_verdict IN ('accepted', 'late')"
POSITION = ("_generation", "_partition", "_sequence", "_file")
LOG_COLUMNS = (
    "_batch bigint, _verdict string, _reason string, _generation string, _partition string, "
    "_sequence bigint, _file string, _body binary, _event_at timestamp"
)
SILVER_COLUMNS = (
    "_batch bigint, _generation string, _partition string, _sequence bigint, _file string, "
    "_event_at timestamp"
)


class Refinery:
    """One source of one batch on its way to silver."""

    def __init__(
        self, warehouse: Warehouse, lake: Lake, batch: Batch, source: Source, newest: str | None
    ) -> None:
        """`newest`: the newest event time of all earlier batches."""
        self.warehouse = warehouse
        self.lake = lake
        self.batch = batch
        self.source = source
        self.newest = newest
        self.contract = read_contract(source.contract)
        self.event_at = "CAST(NULL AS timestamp)"
        if source.event_time:
            self.event_at = self.contract.instant_of(source.event_time)
        self.slices = batch.slices_of(source.name)
        self.files = batch.files_of(source.name)
        self.current = current_files(source, self.files)
        self.log = warehouse.table("silver", f"{source.name}_log")
        self.table = warehouse.table("silver", source.name)

    @property
    def has_input(self) -> bool:
        return bool(self.slices or self.files)

    @property
    def replaces(self) -> bool:
        return self.source.kind == "files" and self.source.on_redrop == "replace"

    def create_tables(self) -> None:
        """A source without input has its tables too: gold may read it from the first batch on."""
        own = [f"{q.name(each.name)} {each.column_type}" for each in self.contract.properties]
        name = self.source.name
        for table, path, columns in (
            (f"{name}_log", self.log, LOG_COLUMNS),
            (name, self.table, SILVER_COLUMNS),
        ):
            if self.warehouse.has("silver", table):
                self._widen(path)
            else:
                self.warehouse.commit(
                    f"CREATE TABLE IF NOT EXISTS {path} ({q.listed([columns, *own])}) "
                    f"USING delta {PROPERTIES}"
                )
        if not self.warehouse.has("silver", f"{name}_quarantine"):
            self.warehouse.rows(
                f"CREATE VIEW IF NOT EXISTS {self.warehouse.table('silver', f'{name}_quarantine')} "
                f"AS SELECT * FROM {self.log} WHERE _verdict = 'quarantined'"
            )

    def _widen(self, path: str) -> None:
        """The contract may have gained properties; what they were before stays null."""
        there = {
            field.name.lower(): field.dataType.simpleString()
            for field in self.warehouse.spark.table(path).schema
        }
        there_as = {"bigint": "integer", "double": "number"}
        for each in self.contract.properties:
            kind = there.get(each.name.lower(), each.column_type)
            if kind != each.column_type:
                raise InputError(
                    "SILVER_COLUMN_TYPE",
                    f"contract of {self.source.name}, {each.name}: was {there_as.get(kind, kind)} "
                    f"and is now {each.type}: give the property a new name",
                )
        added = q.listed(
            f"{q.name(each.name)} {each.column_type}"
            for each in self.contract.properties
            if each.name.lower() not in there
        )
        if added:
            self.warehouse.commit(f"ALTER TABLE {path} ADD COLUMNS ({added})")

    def append_log(self) -> None:
        """Once per batch: Delta drops a second append of the same application and version."""
        judged = self._judged().selectExpr(
            f"CAST({self.batch.number} AS bigint) AS _batch",
            "_verdict",
            "_reason",
            *POSITION,
            "CASE WHEN _verdict = 'quarantined' THEN _body END AS _body",
            "_event_at",
            *self.contract.columns,
        )
        application = f"{self.batch.pipeline}/{self.batch.incarnation}/{self.source.name}_log"
        writer = (
            judged.coalesce(self._output_files())
            .write.format("delta")
            .mode("append")
            .option("txnAppId", application)
            .option("txnVersion", self.batch.number)
            .option("userMetadata", json.dumps({"batch": self.batch.number}))
        )
        with blaming(f"contract of {self.source.name}", classes=VALUES_CLASSES):
            self.warehouse.counted(lambda: writer.saveAsTable(self.log), commits=1)

    def account_query(self) -> str:
        """The account is read from what was committed, never from what was meant to be."""
        newest = f"max(CASE WHEN {GOOD} THEN _event_at END)"
        counts = q.listed(f"count_if(_verdict = {q.text(each)}) AS {each}" for each in VERDICTS)
        unreadable = "CAST(array() AS array<string>)"
        if self.replaces:
            readable = "collect_set(CASE WHEN _verdict <> 'quarantined' THEN _file END)"
            unreadable = f"array_except(collect_set(_file), {readable})"
        return (
            f"SELECT {q.text(self.source.name)} AS source, _generation, _partition, "
            f"count(*) AS received, {counts}, count(DISTINCT _sequence) AS positions, "
            "min(_sequence) AS first, max(_sequence) AS last, "
            f"date_format({newest}, \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\") AS newest, "
            f"{unreadable} AS unreadable "
            f"FROM {self.log} WHERE _batch = {self.batch.number} GROUP BY _generation, _partition"
        )

    def merge_silver(self, unreadable: frozenset[str]) -> None:
        """`unreadable`: files of which every row was quarantined. Such a one replaces nothing: the
        last readable file of its name stays, and the quarantine shows the rest."""
        columns = [*POSITION, "_batch", "_event_at", *self.contract.columns]
        slice_ = f"FROM {self.log} WHERE _batch = {self.batch.number} AND {GOOD}"
        if self.replaces:
            readable = [file for file in self.files if file.id not in unreadable]
            current = current_files(self.source, readable)
            if not current:
                return
            identity = self.contract.key or ("_partition", "_sequence")
            keys = q.listed(map(q.name, identity))
            same = " AND ".join(f"t.{q.name(each)} = s.{q.name(each)}" for each in identity)
            differs = " AND ".join(f"t.{each} <=> s.{each}" for each in self.contract.columns)
            ids = q.listed(q.text(file.id) for file in current)
            names = q.listed(sorted(q.text(file.name) for file in current))
            slice_ += f" AND _file IN ({ids})"
            if self.contract.key and not set(current) <= set(self.current):
                # A file that comes back for an unreadable one was judged as replaced: it may have
                # keys of other files in this batch.
                nth = f"row_number() OVER (PARTITION BY {keys} ORDER BY _partition, _sequence)"
                slice_ = f"FROM (SELECT *, {nth} AS _nth {slice_}) WHERE _nth = 1"
            updates = (
                f"WHEN MATCHED AND NOT ({differs}) THEN UPDATE SET "
                f"{q.listed(f't.{each} = s.{each}' for each in columns)} "
            )
            deletes = f" WHEN NOT MATCHED BY SOURCE AND t._partition IN ({names}) THEN DELETE"
        else:
            # The batch as a literal: only what this batch may have written is searched.
            same = f"t._batch = {self.batch.number}" + "".join(
                f" AND t.{each} = s.{each}" for each in POSITION
            )
            updates = deletes = ""
        self.warehouse.commit(
            f"MERGE INTO {self.table} t USING (SELECT {q.listed(columns)} {slice_}) s ON {same} "
            f"{updates}WHEN NOT MATCHED THEN INSERT ({q.listed(columns)}) "
            f"VALUES ({q.listed(f's.{each}' for each in columns)}){deletes}"
        )

    def _output_files(self) -> int:
        events = sum(piece.last - piece.first + 1 for piece in self.slices)
        lines = sum(file.bytes for file in self.files) // BYTES_PER_ROW
        return 1 + (events + lines) // ROWS_PER_FILE

    def _judged(self) -> DataFrame:
        rows = self._events() if self.source.kind == "events" else self._rows_of_files()
        rows = rows.selectExpr("*", f"{self.event_at} AS _event_at")
        repeated_key = None
        if self.contract.key:
            rows = with_keys_counted(
                rows,
                self.contract.key,
                self.warehouse.sql(
                    f"SELECT * FROM {self.table} WHERE _batch < {self.batch.number}"
                ),
                [file.id for file in self.files if file not in self.current]
                if self.replaces
                else [],
            )
            owned = "_owner <> _partition" if self.replaces else "_owner IS NOT NULL"
            repeated_key = f"(_nth_of_key > 1 OR {owned})"
        late_before = None
        if self.newest and self.source.late_after_seconds is not None:
            seconds = self.source.late_after_seconds
            late_before = f"timestamp {q.text(self.newest)} - make_dt_interval(0, 0, 0, {seconds})"
        return with_verdicts(rows, repeated_key, late_before)

    def _events(self) -> DataFrame:
        # Known only to this batch, and the same at each of its attempts.
        batch = f"{self.batch.incarnation}/{self.batch.number}/{self.batch.definition.digest}"
        nonce = hashlib.sha256(batch.encode()).hexdigest()
        events = read_slices(self.warehouse, self.lake, self.slices)
        return with_positions_counted(check_json(events, self.contract, nonce)).selectExpr(
            "*", "0 AS _order"
        )

    def _rows_of_files(self) -> DataFrame:
        rows = read_files(self.warehouse, self.lake, self.contract, self.files)
        if self.source.on_redrop == "reject":
            return without_redropped(rows, self.warehouse, self.log, self.batch.number, self.files)
        return rows
