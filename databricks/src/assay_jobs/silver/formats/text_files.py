"""Files of text and references, cut into rows by this process: Spark would guess the ends of lines,
take malformed quoting for data, decompress by a name's ending, and fail all files for one.

It costs one pass over each file, some 20 MB a second of CSV, and as many bytes of work files again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import Contract
from assay_jobs.lake import JobLake

from . import FORMATS, CutFormat
from .fault import FileFaultError
from .row import Row, line_of, schema_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.warehouse import Warehouse


class TextFiles:
    """`work`: a folder of this process's own in the lake, until `close`."""

    def __init__(self, warehouse: Warehouse, lake: JobLake, work: str) -> None:
        self.warehouse = warehouse
        self.lake = lake
        self.folder = Path(lake.path(work))

    def read(
        self, contract: Contract, options: dict[str, Any], files: list[DroppedFile]
    ) -> DataFrame:
        self.folder.mkdir(parents=True, exist_ok=True)
        for number, file in enumerate(files):
            part = self.folder / f"part-{number:05d}.json"
            self._write(part, file, contract, options)
        properties = contract.properties if self.has_fields(options) else ()
        return self.warehouse.read_lines(schema_of(properties), [str(self.folder)]).selectExpr(
            "*", "coalesce(CAST(_raw AS binary), unbase64(_bytes)) AS _body"
        )

    def has_fields(self, options: dict[str, Any]) -> bool:
        return _format(options).has_fields

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(
        self, part: Path, file: DroppedFile, contract: Contract, options: dict[str, Any]
    ) -> None:
        """A file with a fault is one row: what was read of it before must not replace anything."""
        try:
            with part.open("w", encoding="utf-8", newline="") as lines:
                path = Path(self.lake.path(file.path))
                rows = read_rows(path, file, contract, options)
                lines.writelines(
                    line_of(file.id, sequence, row) for sequence, row in enumerate(rows, 1)
                )
        except FileFaultError as error:
            part.write_text(line_of(file.id, 1, Row(None, problem=str(error))), encoding="utf-8")


def read_rows(
    path: Path, file: DroppedFile, contract: Contract, options: dict[str, Any]
) -> Iterator[Row]:
    """A fault of the file as a whole is raised, perhaps after some of its rows."""
    return _format(options).read(path, file, contract, options)


def _format(options: dict[str, Any]) -> CutFormat:
    format_ = FORMATS[options["kind"]]
    assert isinstance(format_, CutFormat)
    return format_
