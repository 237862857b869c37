"""What is told of a file as a whole, to its last word, and what tells two schemas apart."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay_jobs.silver.formats.avro import CODECS, schema_of_avro
from assay_jobs.silver.formats.columnar import schema_of_file
from assay_jobs.silver.formats.fault import MAX_CHARACTERS, FileFaultError
from assay_jobs.silver.formats.json_rows import read_json
from assay_jobs.silver.formats.ndjson_rows import read_ndjson

MARKER = b"m" * 16
FIELD = {"name": "id", "type": "string"}
SCHEMA = {"type": "record", "name": "town", "fields": [FIELD]}


def number(value: int) -> bytes:
    """As Avro writes it: the sign last, seven bits a byte."""
    value, out = value << 1 if value >= 0 else (-value << 1) - 1, b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def pair(key: bytes, value: bytes) -> bytes:
    return number(len(key)) + key + number(len(value)) + value


def avro(schema: Any = SCHEMA, codec: bytes | None = b"null", blocks: bytes = b"") -> bytes:
    pairs = [pair(b"avro.schema", json.dumps(schema).encode())]
    pairs += [] if codec is None else [pair(b"avro.codec", codec)]
    return b"Obj\x01" + number(len(pairs)) + b"".join(pairs) + number(0) + MARKER + blocks


def block(size: int) -> bytes:
    return number(1) + number(size) + b"x" * size + MARKER


def schema_of(path: Path, content: bytes) -> Any:
    path.write_bytes(content)
    return json.loads(schema_of_avro(path))


def fault_of(path: Path, content: bytes, kind: str = "avro") -> str:
    path.write_bytes(content)
    with pytest.raises(FileFaultError) as error:
        schema_of_file(path, kind)
    return str(error.value)


DAMAGED = "file: its Avro is damaged. Drop the whole file"


def test_an_avro_has_its_schema_whatever_its_codec_and_its_notes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for codec in (None, *CODECS):
        assert schema_of(path, avro(codec=codec)) == SCHEMA
    noted = {**SCHEMA, "doc": "Towns.", "fields": [{**FIELD, "doc": "Its id.", "order": "ignore"}]}
    path.write_bytes(avro(noted))
    shown = schema_of_avro(path)
    # The same whatever the order that a writer gives it.
    path.write_bytes(avro(dict(reversed(SCHEMA.items()))))
    assert schema_of_avro(path) == shown


@pytest.mark.parametrize("size", [0, 1, 63, 64, 127, 128, 8191, 8192, 20_000])
def test_blocks_of_any_size_are_passed_over(tmp_path: Path, size: int) -> None:
    assert schema_of(tmp_path / "a", avro(blocks=block(size) + block(3))) == SCHEMA
    assert fault_of(tmp_path / "a", avro(blocks=number(1) + number(size) + b"x" * size)) == DAMAGED
    assert fault_of(tmp_path / "a", avro(blocks=block(size)[:-1] + b"n")) == DAMAGED


def test_a_header_may_be_written_in_blocks_with_their_sizes_and_empty_values(
    tmp_path: Path,
) -> None:
    schema = pair(b"avro.schema", json.dumps(SCHEMA).encode())
    more = pair(b"writer", b"") + pair(b"", b"x")
    content = b"Obj\x01" + number(-1) + number(len(schema)) + schema
    content += number(-2) + number(len(more)) + more + number(0) + MARKER
    assert schema_of(tmp_path / "a", content) == SCHEMA


@pytest.mark.parametrize(
    "content",
    [
        b"Obj\x01",
        avro()[:-1],
        avro(blocks=number(1) + number(-1) + MARKER),
        avro(blocks=b"\xff" * 9 + b"\x02" + number(0) + MARKER),
        avro(blocks=b"\xff" * 10 + b"\x01" + number(0) + MARKER),
        b"Obj\x01" + number(1) + pair(b"avro.codec", b"null") + number(0) + MARKER,
        b"Obj\x01" + number(1) + pair(b"avro.schema", b"{") + number(0) + MARKER,
    ],
)
def test_an_avro_whose_frame_is_not_whole_is_damaged(tmp_path: Path, content: bytes) -> None:
    assert fault_of(tmp_path / "a", content) == DAMAGED


def test_the_largest_number_of_64_bits_is_one(tmp_path: Path) -> None:
    rows = b"\xff" * 9 + b"\x01"
    assert schema_of(tmp_path / "a", avro(blocks=rows + number(0) + MARKER)) == SCHEMA


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (avro(codec=b"lz4"), "avro",
         "its Avro is compressed in a way that Spark does not know. "
         "Write it with deflate, snappy or zstandard"),
        (avro("string"), "avro", "its Avro holds no records. Write a schema of the type record"),
        (avro({**SCHEMA, "type": "enum"}), "avro",
         "its Avro holds no records. Write a schema of the type record"),
        (gzip.compress(avro()), "avro",
         "it is gzip, and Avro is compressed within. Write it without gzip"),
        (b"PAR1", "avro", "it does not begin like Avro. Write the format that it has"),
        (gzip.compress(b"PAR1"), "parquet",
         "it is gzip, and Parquet is compressed within. Write it without gzip"),
        (avro(), "parquet", "it does not begin like Parquet. Write the format that it has"),
        (b"PAR1x", "parquet", "its Parquet is damaged. Drop the whole file"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_frame_says_what_to_write(
    tmp_path: Path, content: bytes, kind: str, told: str
) -> None:
    assert fault_of(tmp_path / "a", content, kind) == f"file: {told}"


def parquet(path: Path, metadata: dict[bytes, bytes], of_field: dict[bytes, bytes]) -> str:
    field = pa.field("id", pa.string(), metadata=of_field)
    schema = pa.schema([field, pa.field("n", pa.int64())], metadata=metadata)
    pq.write_table(pa.table({"id": ["a"], "n": [1]}, schema=schema), path)
    return schema_of_file(path, "parquet")


def test_two_parquets_whose_notes_differ_have_one_schema(tmp_path: Path) -> None:
    plain = parquet(tmp_path / "a", {}, {})
    assert plain == "id: string\nn: int64"
    assert parquet(tmp_path / "a", {b"rows": b"1"}, {b"note": b"x" * 200}) == plain


def told_of(read: Any, content: bytes) -> str:
    with pytest.raises(FileFaultError) as error:
        list(read(io.BytesIO(content)))
    return str(error.value)


def test_what_is_told_of_json_says_where_and_what_to_do() -> None:
    assert told_of(read_json, b'[{"a": 1} 2]') == (
        "file: it is not JSON at character 11: a comma or the end of the list is missing. Mend it"
    )
    assert told_of(read_ndjson, b'{\n"a": 1}\n') == (
        "file: an object has more than one line. Write format: json"
    )
    assert told_of(read_ndjson, b"[1]\n") == (
        "file: it does not begin like NDJSON, with a line of an object. "
        "Write format: json for a list, or the format that it has"
    )


def bodies(content: bytes) -> list[str | None]:
    return [row.body for row in read_ndjson(io.BytesIO(content))]


def test_lines_of_ndjson_are_without_the_blanks_of_json_around_them() -> None:
    assert bodies(b"\xef\xbb\xbf \t{}\r\n\n\xef\xbb\xbf{}\nX{}X\n\x0b{}") == [
        "{}", "\ufeff{}", "X{}X", "\x0b{}",
    ]  # fmt: skip
    # A sixth line may be anything: it is judged by itself.
    assert bodies(b"{}\n" * 5 + b"{")[-1] == "{"


def test_a_line_of_ndjson_is_as_long_as_a_record_at_most() -> None:
    longest = b'{"a":"' + b"x" * (MAX_CHARACTERS - 9) + b'"}'
    assert len(longest) == MAX_CHARACTERS - 1
    assert bodies(longest + b"\n{}") == [longest.decode(), "{}"]
    assert told_of(read_ndjson, longest + b"x\n") == (
        f"file: a line is longer than {MAX_CHARACTERS} bytes"
    )
