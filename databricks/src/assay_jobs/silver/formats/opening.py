"""The bytes of a claimed file: what they are is told by the first of them, never by Spark, which
would decompress by the name's ending and fail a whole read for one file."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from .fault import FileFaultError

GZIP = b"\x1f\x8b"
KINDS_BY_FIRST_BYTES = tuple(
    (re.compile(first, re.DOTALL), kind)
    for first, kind in (
        (rb"PK(\x03\x04|\x05\x06)", "a zip archive or an office document"),
        (rb"BZh\d(1AY&SY|\x17rE8P\x90)", "compressed by bzip2"),
        (rb"\x28\xb5\x2f\xfd", "compressed by zstd"),
        (rb"\xfd7zXZ\x00", "compressed by xz"),
        (rb"\x04\x22\x4d\x18", "compressed by lz4"),
        (rb"\xff\x06\x00\x00sNaPpY", "compressed by snappy"),
        (rb"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (rb"\x1f\x9d", "compressed by compress"),
        (rb"Rar!\x1a", "a rar archive"),
        (rb"\xd0\xcf\x11\xe0", "an old office document"),
        (rb"%PDF-", "a PDF"),
        (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a", "an image"),
        (rb"PAR1[\x00-\x1f]", "Parquet"),
        (rb"Obj\x01", "Avro"),
        (rb"ORC[\x00-\x1f]", "ORC"),
    )
)
FORMATS_BY_KIND = {"Parquet": "parquet", "Avro": "avro"}
COMPRESSED_ENDINGS = (".bz2", ".zst", ".zstd", ".xz", ".lz4", ".snappy", ".zip", ".7z", ".z", ".br")
ONLY_GZIP = "Only gzip is read: unpack it, or compress it with gzip"
UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
FIRST = 512
BUFFER = 64 * 1024
# What a gzip may unpack to: so much in any case, and beyond it so many times its own size. Tables
# pack to a tenth or a fiftieth; what packs to less than a hundredth would fill disks and hours.
UNPACKED_BYTES = 64 * 1024 * 1024
MOST_TIMES = 100


@contextmanager
def opened_text(path: Path, name: str, encoding: str) -> Iterator[BinaryIO]:
    """A file of text, unpacked where it is gzip. Its faults of packing come while it is read."""
    with path.open("rb") as file:
        start = _start(file)
        is_gzip = start.startswith(GZIP)
        if name.lower().endswith(".gz") and not is_gzip:
            raise FileFaultError(
                "its name ends in .gz and it is not gzip", "Compress it, or leave .gz out"
            )
        stream: BinaryIO = file
        with _faults_of_packing():
            if is_gzip:
                # A buffered reader is a BinaryIO in all that is asked of it.
                stream = cast(BinaryIO, unpacked := io.BufferedReader(_Unpacked(file), BUFFER))
                start = unpacked.peek(FIRST)[:FIRST]
            if not start:
                raise FileFaultError("it is empty", "It replaces nothing")
            _refuse_others(start, name, encoding)
            yield stream


@contextmanager
def opened_plain(path: Path, magic: bytes, kind: str) -> Iterator[BinaryIO]:
    """A file of a format with a mark of its own."""
    with path.open("rb") as file:
        start = _start(file)
        if start.startswith(GZIP):
            raise FileFaultError(
                f"it is gzip, and {kind} is compressed within", "Write it without gzip"
            )
        if not start.startswith(magic):
            raise FileFaultError(f"it does not begin like {kind}", "Write the format that it has")
        yield file


def is_of_storage(error: Exception) -> bool:
    """Whether the file could not be had, rather than be understood: libraries raise a bare OSError
    for bytes that they cannot take."""
    return isinstance(error, OSError) and (error.errno is not None or type(error) is not OSError)


class _Unpacked(io.RawIOBase):
    """What a gzip unpacks to, up to a limit: a few bytes may stand for endless ones."""

    def __init__(self, packed: BinaryIO) -> None:
        self._unpacked = gzip.GzipFile(fileobj=packed)
        size = os.fstat(packed.fileno()).st_size
        self._left = max(UNPACKED_BYTES, MOST_TIMES * size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._unpacked.read(len(buffer))
        self._left -= len(found)
        if self._left < 0:
            raise FileFaultError(
                f"its gzip unpacks to more than {MOST_TIMES} times its size",
                "Drop it unpacked, or in parts",
            )
        buffer[: len(found)] = found
        return len(found)


def _start(file: BinaryIO) -> bytes:
    start = file.read(FIRST)
    file.seek(0)
    if not start:
        raise FileFaultError("it is empty", "It replaces nothing")
    return start


def _refuse_others(start: bytes, name: str, encoding: str) -> None:
    for first, kind in KINDS_BY_FIRST_BYTES:
        if first.match(start):
            format_ = FORMATS_BY_KIND.get(kind)
            raise FileFaultError(
                f"it is {kind}", f"Write format: {format_}" if format_ else ONLY_GZIP
            )
    ending = name.lower().removesuffix(".gz")
    if ending.endswith(COMPRESSED_ENDINGS):
        raise FileFaultError(
            f"its name ends in {ending[ending.rindex('.') :]}, and it is not", ONLY_GZIP
        )
    if encoding.startswith("utf-16"):
        # Its delimiters and ends of lines have a zero byte each.
        if b"\x00" not in start:
            raise FileFaultError(f"it is not {encoding}", "Write the encoding that it has")
        others = {"utf-16le": b"\xfe\xff", "utf-16be": b"\xff\xfe"}
        if encoding in others and start.startswith(others[encoding]):
            raise FileFaultError(f"its mark is not that of {encoding}", "Write encoding: utf-16")
        return
    if start.startswith(UTF_32):
        raise FileFaultError("it is text in UTF-32", "Write it in UTF-8")
    if start.startswith(UTF_16):
        raise FileFaultError(
            "it is text in UTF-16", "Write it in UTF-8, or encoding: utf-16 for a CSV"
        )
    if b"\x00" in start:
        instead = "Write its encoding, such as utf-16le"
        raise FileFaultError("it has zero bytes, as binary files and UTF-16 have", instead)


@contextmanager
def _faults_of_packing() -> Iterator[None]:
    try:
        yield
    except EOFError as error:
        raise FileFaultError("its gzip ends too early", "Drop the whole file") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileFaultError("its gzip is damaged", "Drop the file again") from error
