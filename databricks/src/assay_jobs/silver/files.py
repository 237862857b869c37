"""Claimed files as rows with their ordinal, whatever their format. A file's name is its stream: a
newer file of the same name stands beside the older, or instead of it, as the source says
(`onRedrop`). A file that cannot be read is one row that says why, and the others go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assay_jobs import quoting as q
from assay_jobs.attempt import Attempt
from assay_jobs.batch import DroppedFile, Source
from assay_jobs.contract import Contract, check_json, check_text, read_bodies

from .formats import FORMATS, SparkFormat
from .formats.columnar import find_unreadable, read_columnar
from .formats.text_files import TextFiles

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.warehouse import Warehouse

GENERATION = "files"


def current_files(source: Source, files: list[DroppedFile]) -> list[DroppedFile]:
    """Of several files of one name in a batch: the last replaces the others, or the first stays."""
    if source.on_redrop == "append":
        return files
    ordered = files if source.on_redrop == "replace" else files[::-1]
    return list({file.name: file for file in ordered}.values())


class FileRows:
    """The files of one source in a batch."""

    def __init__(
        self, attempt: Attempt, source: Source, contract: Contract, files: list[DroppedFile]
    ) -> None:
        self.warehouse = attempt.warehouse
        self.lake = attempt.lake
        self.format = source.format
        self.contract = contract
        self.files = files
        self.texts = TextFiles(self.warehouse, self.lake, f"{attempt.folder}/rows/{source.name}")
        self.faults: dict[str, str] = {}
        """Of files that Spark could not read, by their ids."""

    def read(self, nonce: str) -> DataFrame:
        rows = self._judged(nonce).selectExpr(
            "_file",
            "_sequence",
            "_body",
            # What is wrong with a row as a row comes before what it breaks of the contract.
            "coalesce(_fault, _problem) AS _problem",
            "CASE WHEN _fault IS NULL THEN _problems END AS _problems",
            *self.contract.columns,
        )
        names = q.listed(
            f"({q.text(file.id)}, {q.text(file.name)}, {order})"
            for order, file in enumerate(self.files)
        )
        known = self.warehouse.sql(
            f"SELECT * FROM VALUES {names} AS known (_file, _partition, _order)"
        )
        return rows.join(known.hint("broadcast"), "_file").selectExpr(
            "*", f"{q.text(GENERATION)} AS _generation", "1 AS _nth_at_position"
        )

    def set_unreadable_aside(self, error: Exception) -> None:
        """Another read goes on without the files that broke this one; where none did, it is the
        error itself that counts. It costs a read of each file."""
        found: dict[str, str] = {}
        if self.is_read_by_spark:
            others = [file for file in self.files if file.id not in self.faults]
            kind = self.format["kind"]
            found = find_unreadable(self.warehouse, self.lake, self.texts.folder, kind, others)
        if not found:
            raise error
        self.faults.update(found)

    def close(self) -> None:
        self.texts.close()

    @property
    def is_read_by_spark(self) -> bool:
        # A stream has no format.
        return isinstance(FORMATS.get(self.format.get("kind", "")), SparkFormat)

    def _judged(self, nonce: str) -> DataFrame:
        if self.is_read_by_spark:
            kind = self.format["kind"]
            rows = read_columnar(self.warehouse, self.lake, kind, self.files, self.faults)
            bodies, contract = read_bodies(rows, nonce), _without_absences(self.contract)
            return check_json(bodies, contract, is_written=False)
        rows = self.texts.read(self.contract, self.format, self.files)
        if self.texts.has_fields(self.format):
            swaps = self.format.get("decimal", ".") != "."
            return check_text(rows, self.contract, swaps_decimals=swaps)
        return check_json(read_bodies(rows, nonce), self.contract)


def _without_absences(contract: Contract) -> Contract:
    """A column of Avro or Parquet has null where JSON has null, or nothing."""
    properties = (
        replace(each, required=each.required and not each.nullable) for each in contract.properties
    )
    return replace(contract, properties=tuple(properties))


def without_redropped(
    rows: DataFrame, warehouse: Warehouse, log: str, batch: int, current: list[DroppedFile]
) -> DataFrame:
    """`onRedrop: reject`: rows of a file whose name came before are quarantined, all of them.
    `current`: the first file of each name in this batch."""
    names = q.listed(sorted({q.text(file.name) for file in current}))
    first = q.listed(q.text(file.id) for file in current)
    seen = warehouse.sql(
        f"SELECT DISTINCT _partition, true AS _seen FROM {log} "
        f"WHERE _batch < {batch} AND _partition IN ({names})"
    )
    columns = [column for column in rows.columns if column not in ("_problem", "_problems")]
    again = f"_seen OR _file NOT IN ({first})"
    return rows.join(seen.hint("broadcast"), "_partition", "left").selectExpr(
        *map(q.name, columns),
        f"CASE WHEN {again} THEN 'file: dropped again' ELSE _problem END AS _problem",
        f"CASE WHEN {again} THEN NULL ELSE _problems END AS _problems",
    )
