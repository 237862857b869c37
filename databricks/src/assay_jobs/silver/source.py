"""Silver: every row that came in goes into the source's log with its verdict, by one append. What
the log holds as good goes into the source's table (`merge.py`)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pyspark.errors import PySparkException

from assay_jobs import quoting as q
from assay_jobs.attempt import Attempt
from assay_jobs.batch import Source, read_definition
from assay_jobs.contract import check_json, from_reason, read_bodies, read_contract
from assay_jobs.errors import InputError
from assay_jobs.failures import blaming
from assay_jobs.places import in_contract
from assay_jobs.spark_errors import VALUES_CLASSES
from assay_jobs.warehouse import ROWS_PER_FILE

from .events import read_slices
from .files import GENERATION, FileRows, current_files, without_redropped
from .verdicts import (
    NO_ROWS,
    Keys,
    interval,
    with_keys_counted,
    with_positions_counted,
    with_verdicts,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BYTES_PER_ROW = 50  # of a CSV, to guess its rows from its size


def log_applications(source: str) -> tuple[str, str]:
    """Of Delta's transactions: of the rows of a batch, and of the marks of files without any."""
    return f"{source}_log", f"{source}_log_marks"


class SilverSource:
    """One source of one batch on its way to silver. `digest`: of the definition that the source is
    of, where that is not the batch's own."""

    def __init__(self, attempt: Attempt, source: Source, digest: str | None = None) -> None:
        self.attempt = attempt
        self.digest = digest or attempt.batch.definition.digest
        self.warehouse = attempt.warehouse
        self.batch = attempt.batch
        self.name = source.name
        self.definition = source
        self.newest = attempt.previous.newest.get(source.name)
        self.event_at = "CAST(NULL AS timestamp)"
        with in_contract(source):
            self.contract = read_contract(source.contract)
            if source.event_time:
                self.event_at = self.contract.instant_of(source.event_time)
        self.slices = self.batch.slices_of(source.name)
        self.files = self.batch.files_of(source.name)
        self.gaps = self.batch.gaps_of(source.name)
        self.current = current_files(source, self.files)
        self.file_rows = FileRows(attempt, source, self.contract, self.files)
        self.log = self.warehouse.table("silver", f"{source.name}_log")
        self.log_application, self.marks_application = map(
            attempt.application, log_applications(source.name)
        )
        self.table = self.warehouse.table("silver", source.name)

    @property
    def has_input(self) -> bool:
        return bool(self.slices or self.files)

    @property
    def item(self) -> tuple[str, ...]:
        """The column that numbers the rows of one event, where there can be several."""
        return () if self.definition.split is None else ("_item",)

    @property
    def place(self) -> tuple[str, ...]:
        return ("_generation", "_partition", "_sequence", *self.item, "_file")

    @property
    def last_wins(self) -> bool:
        return bool(self.contract.key) and self.definition.on_repeated_key == "last"

    @property
    def replaces(self) -> bool:
        return self.definition.input == "files" and self.definition.on_redrop == "replace"

    def of_definition(self, digest: str) -> SilverSource:
        """The same source, as another definition of the pipeline has it."""
        if digest == self.digest:
            return self
        definition = read_definition(self.attempt.lake, self.batch.pipeline, digest)
        return SilverSource(self.attempt, definition.sources[self.name], digest)

    def append_log(self) -> None:
        """Once per batch: Delta drops a second append of the same application and version."""
        try:
            self._append_log()
        except (PySparkException, InputError) as error:
            self.file_rows.set_unreadable_aside(error)
            self._append_log()
        finally:
            self.file_rows.close()

    def _append_log(self) -> None:
        problems = f"coalesce(_problems, {from_reason('_reason')})"
        judged = self._judged().selectExpr(
            f"CAST({self.batch.number} AS bigint) AS _batch",
            "_verdict",
            "_reason",
            f"CASE WHEN _verdict = 'quarantined' THEN {problems} END AS _problems",
            *self.place,
            "_order",
            f"{q.text(self.digest)} AS _definition",
            "CASE WHEN _verdict = 'quarantined' THEN _body END AS _body",
            "_event_at",
            *self.contract.columns,
        )
        self.attempt.points.before("silver log", self.name)
        what = f"contract of {self.name}"
        with in_contract(self.definition), blaming(None, what=what, classes=VALUES_CLASSES):
            self.warehouse.append(
                judged.coalesce(self._output_files()),
                self.log,
                self.log_application,
                self.batch.number,
            )

    def mark_without_rows(self, with_rows: frozenset[str]) -> None:
        """A file without rows empties its name. The log would not show it otherwise: a MERGE asks
        it what the batch brought, and whoever looks for another file with a key would find the
        older file of that name."""
        without = [
            f"({q.text(file.id)}, {q.text(file.name)}, {order})"
            for order, file in enumerate(self.files)
            if file.id not in with_rows
        ]
        if not (without and self.replaces):
            return
        marks = self.warehouse.sql(
            f"SELECT CAST({self.batch.number} AS bigint) AS _batch, {q.text(NO_ROWS)} AS _verdict, "
            f"{q.text(GENERATION)} AS _generation, _partition, _file, _order, "
            f"{q.text(self.digest)} AS _definition "
            f"FROM VALUES {q.listed(without)} AS without (_file, _partition, _order)"
        )
        self.attempt.points.before("silver log", self.name)
        self.warehouse.append(
            marks,
            self.log,
            self.marks_application,
            self.batch.number,
        )

    def _output_files(self) -> int:
        events = sum(piece.last - piece.first + 1 for piece in self.slices)
        lines = sum(file.bytes for file in self.files) // BYTES_PER_ROW
        return 1 + (events + lines) // ROWS_PER_FILE

    def _judged(self) -> DataFrame:
        rows = self._events() if self.definition.input == "stream" else self._rows_of_files()
        rows = rows.selectExpr("*", f"{self.event_at} AS _event_at")
        repeated_key = None
        if self.contract.key:
            keys = self._keys()
            before = f"SELECT * FROM {self.table} WHERE _batch < {self.batch.number}"
            rows = with_keys_counted(rows, keys, self.warehouse.sql(before))
            repeated_key = keys.repeated
        late_before = None
        if self.newest and self.definition.late_after_seconds is not None:
            late_before = (
                f"timestamp {q.text(self.newest)} - {interval(self.definition.late_after_seconds)}"
            )
        return with_verdicts(rows, repeated_key, late_before)

    def _keys(self) -> Keys:
        if not self.replaces:
            return Keys(self.contract.key, self.last_wins, None, (), self.item)
        return Keys(
            self.contract.key,
            self.last_wins,
            tuple(sorted({file.name for file in self.current})),
            tuple(file.id for file in self.files if file not in self.current),
        )

    @property
    def _nonce(self) -> str:
        """Known only to this batch, and the same at each of its attempts."""
        batch = f"{self.batch.incarnation}/{self.batch.number}/{self.batch.definition.digest}"
        return hashlib.sha256(batch.encode()).hexdigest()

    def _events(self) -> DataFrame:
        events = read_slices(self.warehouse, self.attempt.lake, self.slices)
        rows = check_json(read_bodies(events, self._nonce, self.definition.split), self.contract)
        position = ("_generation", "_partition", "_sequence", *self.item)
        return with_positions_counted(rows, position).selectExpr("*", "0 AS _order")

    def _rows_of_files(self) -> DataFrame:
        rows = self.file_rows.read(self._nonce)
        if self.definition.on_redrop == "reject":
            return without_redropped(
                rows, self.warehouse, self.log, self.batch.number, self.current
            )
        return rows
