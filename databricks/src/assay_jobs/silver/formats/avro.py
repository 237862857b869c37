"""A look at the frame of an Avro file, block by block: its schema, or what is wrong with it.

https://avro.apache.org/docs/1.12.0/specification/#object-container-files
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from .fault import FileFaultError
from .opening import opened_plain

AVRO = b"Obj\x01"
# Of what stands before the first block: the schema, above all.
MAX_HEADER_BYTES = 4 * 1024 * 1024
CODECS = (b"null", b"deflate", b"snappy", b"bzip2", b"xz", b"zstandard")
# Of a schema's attributes those that say what a value is: others are notes, such as `doc`.
ATTRIBUTES = frozenset(
    ["type", "name", "namespace", "fields", "items", "values", "symbols", "size", "logicalType",
     "precision", "scale"]
)  # fmt: skip


def schema_of_avro(path: Path) -> str:
    with opened_plain(path, AVRO, "Avro") as file:
        try:
            header = _walk(file)
            schema = json.loads(header.get("avro.schema", b""))
            shown = json.dumps(_without_notes(schema), sort_keys=True)
        except (EOFError, ValueError, RecursionError) as error:
            raise FileFaultError("its Avro is damaged", "Drop the whole file") from error
        if header.get("avro.codec", b"null") not in CODECS:
            raise FileFaultError(
                "its Avro is compressed in a way that Spark does not know",
                "Write it with deflate, snappy or zstandard",
            )
        if not isinstance(schema, dict) or schema.get("type") != "record":
            raise FileFaultError("its Avro holds no records", "Write a schema of the type record")
        return shown


def _walk(file: BinaryIO) -> dict[str, bytes]:
    """The header, once the frame was seen to be whole up to the end of the file."""
    end = os.fstat(file.fileno()).st_size
    file.seek(len(AVRO))
    header = dict(_map(file))
    marker = _exactly(file, 16)
    while file.tell() < end:
        _long(file)
        length = _length(file)
        # A size that lies would be sought behind the end, where nothing tells it.
        if length > end - file.tell():
            raise EOFError
        file.seek(length, os.SEEK_CUR)
        if _exactly(file, 16) != marker:
            raise ValueError("a block without its marker")
    return header


def _without_notes(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_notes(each) for each in schema]
    if isinstance(schema, dict):
        return {name: _without_notes(schema[name]) for name in schema if name in ATTRIBUTES}
    return schema


def _map(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    while count := _long(file):
        if count < 0:
            _long(file)
        for _ in range(abs(count)):
            key = _exactly(file, _length(file)).decode()
            yield key, _exactly(file, _length(file))
            if file.tell() > MAX_HEADER_BYTES:
                raise ValueError("a header that is too long")


def _length(file: BinaryIO) -> int:
    length = _long(file)
    if length < 0:
        raise ValueError("a negative length")
    return length


def _long(file: BinaryIO) -> int:
    value = shift = 0
    while shift < 70:
        byte = _exactly(file, 1)[0]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >= 1 << 64:
                break
            return (value >> 1) ^ -(value & 1)
        shift += 7
    raise ValueError("a number of more than 64 bits")


def _exactly(file: BinaryIO, count: int) -> bytes:
    if count > MAX_HEADER_BYTES:
        raise ValueError("a part of the header that is too long")
    found = file.read(count)
    if len(found) < count:
        raise EOFError
    return found
