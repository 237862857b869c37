"""Avro and Parquet, read by Spark: each row becomes a JSON text and is judged like an event."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pyspark.errors import PySparkException

from assay_jobs import quoting as q
from assay_jobs.batch import DroppedFile
from assay_jobs.lake import JobLake
from assay_jobs.spark_errors import sentence

from .fault import MAX_CHARACTERS, FileFaultError
from .opening import opened_plain

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.warehouse import Warehouse

AVRO, PARQUET = b"Obj\x01", b"PAR1"
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
    warehouse: Warehouse, lake: JobLake, kind: str, files: list[DroppedFile]
) -> dict[str, str]:
    """The faults of the files that Spark cannot read to their end, each asked for alone and twice:
    what fails once is the platform."""

    def read(file: DroppedFile) -> PySparkException | None:
        path = lake.path(file.path)
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
        if read(file) is None:
            return None
        error = read(file)
        return None if error is None else str(_unreadable(kind, error))

    found = warehouse.together([partial(probe, file) for file in files])
    # A Spark that has gone would make all of them unreadable.
    warehouse.rows("SELECT 1")
    return {file.id: fault for file, fault in zip(files, found, strict=True) if fault}


def _unreadable(kind: str, error: PySparkException) -> FileFaultError:
    why = f": {sentence(error)}" if error.getCondition() else ""
    return FileFaultError(f"Spark cannot read its {kind.title()}{why}", "Drop the whole file")


def _faulty(warehouse: Warehouse, faults: dict[str, str]) -> DataFrame:
    values = q.listed(f"({q.text(file)}, {q.text(fault)})" for file, fault in faults.items())
    return warehouse.sql(
        "SELECT _file, 1L AS _sequence, _fault, CAST(NULL AS binary) AS _body "
        f"FROM VALUES {values} AS faulty (_file, _fault)"
    )


def _read(warehouse: Warehouse, kind: str, paths: list[str]) -> DataFrame:
    return (
        warehouse.reader.format(kind)
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
    """What tells files apart that one read cannot take. A look at the file's frame, without its
    data: a file that was cut off is found."""
    if kind == "parquet":
        with opened_plain(path, PARQUET, "Parquet") as file:
            # Loaded here: it takes a third of a second that no other batch should pay.
            import pyarrow
            import pyarrow.parquet

            try:
                return str(pyarrow.parquet.read_schema(file))
            except (pyarrow.ArrowException, OSError) as error:
                raise FileFaultError("its Parquet is damaged", "Drop the whole file") from error
    with opened_plain(path, AVRO, "Avro") as file:
        try:
            return _avro_schema(file)
        except (EOFError, ValueError) as error:
            raise FileFaultError("its Avro is damaged", "Drop the whole file") from error


def _avro_schema(file: BinaryIO) -> str:
    """https://avro.apache.org/docs/1.12.0/specification/#object-container-files"""
    file.seek(len(AVRO))
    header = dict(_avro_map(file))
    marker = _exactly(file, 16)
    while file.read(1):
        file.seek(-1, 1)
        _avro_long(file)
        file.seek(_length(file), 1)
        if _exactly(file, 16) != marker:
            raise ValueError("a block without its marker")
    schema = json.loads(header.get("avro.schema", b""))
    return json.dumps(schema, sort_keys=True)


def _avro_map(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    while count := _avro_long(file):
        if count < 0:
            _avro_long(file)
        for _ in range(abs(count)):
            key = _exactly(file, _length(file)).decode()
            yield key, _exactly(file, _length(file))


def _length(file: BinaryIO) -> int:
    length = _avro_long(file)
    if length < 0:
        raise ValueError("a negative length")
    return length


def _avro_long(file: BinaryIO) -> int:
    value = shift = 0
    while shift < 70:
        byte = _exactly(file, 1)[0]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1)
        shift += 7
    raise ValueError("a number of more than 64 bits")


def _exactly(file: BinaryIO, count: int) -> bytes:
    if count > MAX_CHARACTERS:
        raise ValueError("a part of the header that is too long")
    found = file.read(count)
    if len(found) < count:
        raise EOFError
    return found


def _literally(path: str) -> str:
    """Spark takes a path for a pattern: a producer's `[1]` would not be found."""
    return re.sub(r"([\\\[\]{}*?])", r"\\\1", path)
