"""The lines of an NDJSON file, each as it stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import Contract

from .fault import MAX_CHARACTERS, FileFaultError
from .opening import opened_text
from .row import Row, raw_body

FIRST_LINES = 5
"""So many are looked at for what the file is."""


def read_ndjson_file(
    path: Path, file: DroppedFile, contract: Contract, options: dict[str, Any]
) -> Iterator[Row]:
    with opened_text(path, file.name, "utf-8") as stream:
        yield from read_ndjson(stream)


def read_ndjson(stream: BinaryIO) -> Iterator[Row]:
    """One value a line. Empty lines are none."""
    lines = _lines(stream)
    first = list(islice(lines, FIRST_LINES))
    begins_as_list = bool(first) and first[0].startswith(b"[")
    if begins_as_list or (first and not any(line.startswith(b"{") for line in first)):
        raise FileFaultError(
            "it does not begin like NDJSON, with a line of an object",
            "Write format: json for a list, or the format that it has",
        )
    if first and first[0] == b"{":
        raise FileFaultError("an object has more than one line", "Write format: json")
    for line in chain(first, lines):
        yield Row(*raw_body(line.decode("utf-8", "surrogateescape")))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    is_first = True
    while line := stream.readline(MAX_CHARACTERS + 1):
        if len(line) > MAX_CHARACTERS:
            raise FileFaultError(f"a line is longer than {MAX_CHARACTERS} bytes")
        if is_first:
            line = line.removeprefix(b"\xef\xbb\xbf")
            is_first = False
        line = line.strip(b" \t\r\n")
        if line:
            yield line
