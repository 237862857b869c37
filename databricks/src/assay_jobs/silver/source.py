"""Silver: every row that came in goes into the source's log with its verdict, by one append; what
the log holds as good goes into the source's table, by a MERGE that its own data make repeatable."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pyspark.errors import PySparkException

from assay_jobs import quoting as q
from assay_jobs.attempt import Attempt
from assay_jobs.batch import Source
from assay_jobs.contract import check_json, from_reason, read_bodies, read_contract
from assay_jobs.failures import blaming
from assay_jobs.places import in_contract
from assay_jobs.spark_errors import VALUES_CLASSES
from assay_jobs.warehouse import ROWS_PER_FILE

from .events import read_slices
from .files import GENERATION, FileRows, current_files, without_redropped
from .merge import merge_statement
from .verdicts import (
    GOOD,
    NO_ROWS,
    VERDICTS,
    Keys,
    with_keys_counted,
    with_positions_counted,
    with_verdicts,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BYTES_PER_ROW = 50  # of a CSV, to guess its rows from its size


class SilverSource:
    """One source of one batch on its way to silver."""

    def __init__(self, attempt: Attempt, source: Source) -> None:
        self.attempt = attempt
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

    def append_log(self) -> None:
        """Once per batch: Delta drops a second append of the same application and version."""
        try:
            self._append_log()
        except PySparkException as error:
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
                self.attempt.application(f"{self.name}_log"),
                self.batch.number,
            )

    def mark_without_rows(self, with_rows: frozenset[str]) -> None:
        """A file without rows empties its name. The log would not show it otherwise, and whoever
        looks there for another file with a key would find the older one's."""
        without = [
            f"({q.text(file.id)}, {q.text(file.name)}, {order})"
            for order, file in enumerate(self.files)
            if file.id not in with_rows
        ]
        if not (without and self.replaces and self.contract.key):
            return
        marks = self.warehouse.sql(
            f"SELECT CAST({self.batch.number} AS bigint) AS _batch, {q.text(NO_ROWS)} AS _verdict, "
            f"{q.text(GENERATION)} AS _generation, _partition, _file, _order "
            f"FROM VALUES {q.listed(without)} AS without (_file, _partition, _order)"
        )
        self.attempt.points.before("silver log", self.name)
        self.warehouse.append(
            marks,
            self.log,
            self.attempt.application(f"{self.name}_log_marks"),
            self.batch.number,
        )

    def counts_query(self) -> str:
        # What lies ahead of its batch by more than this says nothing about the time.
        ahead = _interval(self.definition.future_after_seconds)
        clock = f"timestamp {q.text(self.batch.created_at)} + {ahead}"
        has_clock = self.definition.event_time is not None
        is_future = f"{GOOD} AND _event_at > {clock}" if has_clock else "false"
        newest = f"max(CASE WHEN {GOOD} AND NOT ({is_future}) THEN _event_at END)"
        counts = q.listed(f"count_if(_verdict = {q.text(each)}) AS {each}" for each in VERDICTS)
        files = unreadable = "CAST(array() AS array<string>)"
        if self.replaces:
            readable = "collect_set(CASE WHEN _verdict <> 'quarantined' THEN _file END)"
            files = "collect_set(_file)"
            unreadable = f"array_except({files}, {readable})"
        # An event that came twice was delivered twice.
        delivered = "struct(_file, _sequence)" if self.item else "_sequence"
        # Several files of one name number their rows each from one.
        place = q.listed(
            ("_sequence", *self.item)
            if self.definition.input == "stream"
            else ("_file", "_sequence")
        )
        of_batch = f"FROM {self.log} WHERE _batch = {self.batch.number}"
        return (
            f"SELECT {q.text(self.name)} AS source, _generation, _partition, "
            "CAST(NULL AS string) AS verdict, CAST(NULL AS string) AS reason, "
            f"count(*) AS received, {counts}, count(DISTINCT _sequence) AS positions, "
            "count_if(NOT _reason <=> 'position') AS once, "
            f"count(DISTINCT {place}) AS places, "
            f"count(DISTINCT {delivered}) AS events, count_if({is_future}) AS future, "
            "min(_sequence) AS first, max(_sequence) AS last, "
            f"date_format({newest}, \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\") AS newest, "
            f"{unreadable} AS unreadable, {files} AS files "
            f"{of_batch} AND _verdict <> {q.text(NO_ROWS)} GROUP BY _generation, _partition "
            f"UNION ALL SELECT {q.text(self.name)}, NULL, NULL, _verdict, _reason, count(*), "
            f"{q.listed('0L' for _ in VERDICTS)}, 0L, 0L, 0L, 0L, 0L, NULL, NULL, NULL, NULL, NULL "
            f"{of_batch} AND _verdict IN ('duplicate', 'quarantined') GROUP BY _verdict, _reason"
        )

    def merge(self, unreadable: frozenset[str]) -> None:
        """`unreadable`: files of which every row was quarantined. Such a one replaces nothing: the
        last readable file of its name stays, and the quarantine shows the rest."""
        statement = merge_statement(self, unreadable)
        if statement is not None:
            self.attempt.points.before("silver merge", self.name)
            self.warehouse.commit(statement)

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
                f"timestamp {q.text(self.newest)} - {_interval(self.definition.late_after_seconds)}"
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
            return without_redropped(rows, self.warehouse, self.log, self.batch.number, self.files)
        return rows


def _interval(seconds: int) -> str:
    return f"make_dt_interval(0, 0, 0, {seconds})"
