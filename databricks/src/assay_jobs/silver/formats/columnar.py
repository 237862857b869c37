"""Avro and Parquet, read by Spark: each row becomes a JSON text and is judged like an event."""

from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.errors import PySparkException

from assay_jobs import quoting as q
from assay_jobs.batch import DroppedFile
from assay_jobs.lake import JobLake

from . import FORMATS, SparkFormat
from .fault import FileFaultError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.warehouse import Warehouse

# What Spark says where a file, or a path, was not there to be read.
OF_STORAGE = re.compile(r"FAILED_READ_FILE\.FILE_NOT_EXIST\Z|PATH_NOT_FOUND\Z")
INSTANT = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"
LOCAL = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS"
AS_JSON = (
    f"to_json(struct(*), map('timestampFormat', {q.text(INSTANT)}, "
    f"'timestampNTZFormat', {q.text(LOCAL)}))"
)


def read_columnar(
    warehouse: Warehouse, lake: JobLake, kind: str, files: list[DroppedFile], faults: dict[str, str]
) -> DataFrame:
    """One read for all files of one schema, told by a look at each. `faults`: of files that Spark
    could not read."""
    by_schema: dict[str, list[str]] = {}
    faults = dict(faults)
    for file in files:
        if file.id in faults:
            continue
        path = lake.path(file.path)
        try:
            schema = schema_of_file(Path(path), kind)
        except FileFaultError as error:
            faults[file.id] = str(error)
            continue
        by_schema.setdefault(schema, []).append(path)
    frames = [_read(warehouse, kind, paths) for paths in by_schema.values()]
    if faults:
        frames.append(_faulty(warehouse, faults))
    rows = frames[0]
    for frame in frames[1:]:
        rows = rows.unionByName(frame)
    return rows


def find_unreadable(
    warehouse: Warehouse, lake: JobLake, work: Path, kind: str, files: list[DroppedFile]
) -> dict[str, str]:
    """The faults of the files that Spark cannot read to their end, each asked for alone. What the
    storage or Spark is to blame for is no fault of a file: a copy of its bytes fails as well, while
    a file of our own beside it can be read. It costs a read of each file, and a copy of each that
    fails. `work`: a folder of this process's own."""

    def read(path: str) -> PySparkException | None:
        try:
            schema_of_file(Path(path), kind)
            warehouse.read_through(_read(warehouse, kind, [path]).selectExpr("sum(length(_body))"))
        except PySparkException as error:
            return error
        except FileFaultError:
            # Its own fault is told anyway.
            return None
        return None

    def probe(file: DroppedFile) -> str | None:
        path = lake.path(file.path)
        if read(path) is None:
            return None
        copy = work / file.id / f"copy.{kind}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        error = read(str(copy))
        return None if error is None else _unreadable(kind, error)

    found = warehouse.together([partial(probe, file) for file in files])
    faults = {file.id: fault for file, fault in zip(files, found, strict=True) if fault}
    if faults:
        _read_our_own(warehouse, work / "own.json")
    return faults


def _read_our_own(warehouse: Warehouse, path: Path) -> None:
    """A storage or a Spark in trouble would make each file look unreadable: then this fails too."""
    path.write_text('{"own": 1}\n', encoding="utf-8")
    warehouse.read_through(warehouse.read_lines("own bigint", [str(path)]))


def _unreadable(kind: str, error: PySparkException) -> str | None:
    """By the condition's name alone: the message has the names of columns, and paths."""
    condition = error.getCondition() or ""
    if OF_STORAGE.match(condition):
        return None
    why = f" ({condition})" if condition else ""
    return str(FileFaultError(f"Spark cannot read its {kind.title()}{why}", "Drop the whole file"))


def _faulty(warehouse: Warehouse, faults: dict[str, str]) -> DataFrame:
    values = q.listed(f"({q.text(file)}, {q.text(fault)})" for file, fault in faults.items())
    return warehouse.sql(
        "SELECT _file, 1L AS _sequence, _fault, CAST(NULL AS binary) AS _body "
        f"FROM VALUES {values} AS faulty (_file, _fault)"
    )


def _read(warehouse: Warehouse, kind: str, paths: list[str]) -> DataFrame:
    return (
        warehouse.reader.format(_format(kind).spark)
        .load([_literally(path) for path in paths])
        .selectExpr(
            f"{AS_JSON} AS _json",
            # The id is the folder of the file: a name may be percent-encoded in a URI, an id never.
            "element_at(split(_metadata.file_path, '/'), -2) AS _file",
            "_metadata.file_block_start AS _block",
            "monotonically_increasing_id() AS _read_order",
        )
        .selectExpr(
            "_file",
            "CAST(row_number() OVER (PARTITION BY _file ORDER BY _block, _read_order) AS bigint) "
            "AS _sequence",
            "CAST(NULL AS string) AS _fault",
            "CAST(_json AS binary) AS _body",
        )
    )


def schema_of_file(path: Path, kind: str) -> str:
    """What tells files apart that one read cannot take. A fault of the file's frame is raised."""
    return _format(kind).schema_of(path)


def _format(kind: str) -> SparkFormat:
    format_ = FORMATS[kind]
    assert isinstance(format_, SparkFormat)
    return format_


def _literally(path: str) -> str:
    """Spark takes a path for a pattern: a producer's `[1]` would not be found."""
    return re.sub(r"([\\\[\]{}*?])", r"\\\1", path)
