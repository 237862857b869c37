"""One row of a file on its way to Spark: a line of JSON."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from assay_jobs import quoting as q

NO_TEXTS: Mapping[int, str] = {}


class Row(NamedTuple):
    body: str | None
    """As it stands in the file; None where it is no text."""
    base64: str | None = None
    """The body, where it is no text."""
    texts: Mapping[int, str] = NO_TEXTS
    """Of a CSV: what is not empty, by the index of its property."""
    problem: str | None = None


def raw_body(raw: str) -> tuple[str | None, str | None]:
    """Of a text that was decoded with `surrogateescape`: the text, or its bytes."""
    try:
        raw.isascii() or raw.encode()
    except UnicodeEncodeError:
        return None, base64.b64encode(raw.encode("utf-8", "surrogateescape")).decode()
    return raw, None


def schema_of(properties: Sequence[object]) -> str:
    own = ["_file string", "_sequence bigint", "_fault string", "_raw string", "_bytes string"]
    return q.listed([*own, *(f"_text_{index} string" for index in range(len(properties)))])


def line_of(file: str, sequence: int, row: Row) -> str:
    """Put together by hand: this runs once a row, and the module json takes five times as long."""
    body, bytes_, texts, problem = row
    values = [f'{{"_file":{quoted(file)},"_sequence":{sequence}']
    if body is not None:
        values.append(f'"_raw":{quoted(body)}')
    if bytes_ is not None:
        values.append(f'"_bytes":"{bytes_}"')
        texts = {index: _readable(text) for index, text in texts.items()}
    if problem is not None:
        values.append(f'"_fault":{quoted(problem)}')
    values.extend(f'"_text_{index}":{quoted(text)}' for index, text in texts.items())
    return ",".join(values) + "}\n"


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
