"""Bytes that lie about themselves, and a storage that fails: the first are a fault of the file, in
bounded memory; the second is none. Without Spark."""

from __future__ import annotations

import errno
import gzip
import io
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import read_contract
from assay_jobs.silver.formats import opening
from assay_jobs.silver.formats.columnar import schema_of_file
from assay_jobs.silver.formats.csv_rows import read_csv, read_options
from assay_jobs.silver.formats.fault import MAX_CHARACTERS, FileFaultError
from assay_jobs.silver.formats.header import read_header
from assay_jobs.silver.formats.json_rows import CHUNK, read_json
from assay_jobs.silver.formats.text_files import read_rows
from lakes import CSV

CONTRACT = read_contract(
    {"required": ["id"], "properties": {"id": {"type": "string"}, "qty": {"type": "integer"}}}
)
SCHEMA = {"type": "record", "name": "town", "fields": [{"name": "id", "type": "string"}]}
MARKER = b"m" * 16


def read(path: Path, format_: dict[str, Any] = CSV) -> list[Any]:
    file = DroppedFile("towns", "0", "x", path.name, path.stat().st_size)
    return list(read_rows(path, file, CONTRACT, format_))


def zigzag(number: int) -> bytes:
    number, out = number << 1 if number >= 0 else (-number << 1) - 1, b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def avro(schema: bytes, blocks: bytes = b"", codec: bytes = b"null") -> bytes:
    pairs = b"".join(
        zigzag(len(part)) + part for part in (b"avro.schema", schema, b"avro.codec", codec)
    )
    return b"Obj\x01" + zigzag(2) + pairs + zigzag(0) + MARKER + blocks


PLAIN = json.dumps(SCHEMA).encode()
BLOCK = zigzag(1) + zigzag(2) + b"\x02a" + MARKER
DAMAGED = "file: its Avro is damaged. Drop the whole file"
AVRO_FILES = {
    "a size beyond the end": (avro(PLAIN, zigzag(1) + zigzag(2**50) + b"a"), DAMAGED),
    "a size that no file has": (avro(PLAIN, zigzag(1) + zigzag(2**62) + b"a"), DAMAGED),
    "a size beyond 64 bits": (avro(PLAIN, zigzag(1) + zigzag(2**65) + b"a"), DAMAGED),
    "a negative size": (avro(PLAIN, zigzag(1) + zigzag(-2) + b"a"), DAMAGED),
    "a schema that nests without end": (avro(b"[" * 100_000 + b"]" * 100_000), DAMAGED),
    "a schema that is no JSON": (avro(b"\xff"), DAMAGED),
    "a schema of no record": (avro(b"[]"), "file: its Avro holds no records."),
    "another codec": (avro(PLAIN, BLOCK, b"brotli"), "file: its Avro is compressed in a way"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "fault"), AVRO_FILES.values(), ids=AVRO_FILES.keys())
def test_an_avro_file_that_lies_is_told_by_its_frame(
    tmp_path: Path, content: bytes, fault: str
) -> None:
    path = tmp_path / "a.avro"
    path.write_bytes(avro(PLAIN, BLOCK))
    assert json.loads(schema_of_file(path, "avro")) == SCHEMA
    path.write_bytes(content)
    with pytest.raises(FileFaultError) as error:
        schema_of_file(path, "avro")
    assert str(error.value).startswith(fault)


def parquet(names: tuple[str, ...] = ("id",), notes: dict[str, str] | None = None) -> bytes:
    table = pa.table({name: ["x"] * 5 for name in names})
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(notes), buffer)
    return buffer.getvalue()


def test_any_byte_of_a_columnar_file_may_be_wrong(tmp_path: Path) -> None:
    chance, path = random.Random(5), tmp_path / "a"
    whole = {"parquet": parquet(), "avro": avro(PLAIN, BLOCK)}
    refused = {"parquet": 0, "avro": 0}
    for _ in range(600):
        for kind, content in whole.items():
            wrong = bytearray(content)
            for _ in range(chance.randint(1, 3)):
                wrong[chance.randrange(4, len(wrong))] = chance.randrange(256)
            path.write_bytes(wrong)
            try:
                schema_of_file(path, kind)
            except FileFaultError:
                refused[kind] += 1
    assert min(refused.values()) > 100
    path.write_bytes(parquet(("abcdefgh",)).replace(b"abcdefgh", b"\xff\xfe\xfd\xfcefgh"))
    with pytest.raises(FileFaultError, match="its Parquet is damaged"):
        schema_of_file(path, "parquet")


@pytest.mark.parametrize("before", [0, CHUNK // 2])
def test_an_element_of_a_list_has_a_bound_wherever_it_stands(before: int) -> None:
    def found(length: int) -> list[str | None]:
        text = f'[{" " * before}"{"x" * (length - 2)}", 1]'
        return [row.body for row in read_json(io.BytesIO(text.encode()))]

    assert [len(each or "") for each in found(MAX_CHARACTERS)] == [MAX_CHARACTERS, 1]
    with pytest.raises(FileFaultError, match="a value is longer than 4194304 characters"):
        found(MAX_CHARACTERS + 1)


@pytest.mark.parametrize(
    ("unit", "options", "is_read"),
    [
        ("us", {}, True),
        ("ms", {}, True),
        ("ns", {}, False),
        ("ns", {"coerce_timestamps": "us"}, True),
        ("ns", {"use_deprecated_int96_timestamps": True}, True),
    ],
)
def test_a_timestamp_that_spark_does_not_read_is_told_with_what_to_write(
    tmp_path: Path, unit: str, options: dict[str, Any], *, is_read: bool
) -> None:
    at = pa.array([[{"at": 1_000_000_000}]], pa.list_(pa.struct([("at", pa.timestamp(unit))])))
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["a"], "times": at}), path, **options)
    if is_read:
        assert "timestamp" in schema_of_file(path, "parquet")
        return
    with pytest.raises(FileFaultError, match=r"nanoseconds.*Write it in microseconds"):
        schema_of_file(path, "parquet")


def test_files_that_differ_in_notes_alone_are_read_together(tmp_path: Path) -> None:
    found = set()
    for rows in ("5", "50"):
        path = tmp_path / rows
        path.write_bytes(parquet(notes={"pandas": f'{{"stop": {rows}}}'}))
        found.add(schema_of_file(path, "parquet"))
        noted = {**SCHEMA, "doc": f"{rows} rows"}
        buffer = io.BytesIO()
        fastavro.writer(buffer, noted, [{"id": "a"}])
        path.write_bytes(buffer.getvalue())
        found.add(schema_of_file(path, "avro"))
    assert len(found) == 2


class FailingFile:
    """A file whose storage fails when the frame is read, behind its first bytes."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.reads = 0

    def read(self, count: int = -1) -> bytes:
        self.reads += 1
        if self.reads > 1:
            raise OSError(errno.EIO, "Input/output error")
        found: bytes = self.file.read(count)
        return found

    def __enter__(self) -> FailingFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


@pytest.mark.parametrize("kind", ["parquet", "avro"])
def test_a_storage_that_fails_is_no_fault_of_the_file(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(parquet() if kind == "parquet" else avro(PLAIN, BLOCK))
    own_open = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *how: FailingFile(own_open(self, *how)))
    with pytest.raises(OSError, match="Input/output error"):
        schema_of_file(path, kind)


class Endless(io.BytesIO):
    def close(self) -> None:
        """It is asked afterwards how far it was read."""


def test_a_record_without_an_end_is_not_kept_in_memory() -> None:
    """Each of its lines closes one quoted field and opens another."""
    line = b'\n","'
    endless = Endless(b'id,qty\n"' + line * (3 * MAX_CHARACTERS // len(line)))
    with pytest.raises(FileFaultError, match="the record of line 2 is longer than 4194304"):
        list(read_csv(endless, CONTRACT, read_options(CSV)))
    assert endless.tell() < 2.1 * MAX_CHARACTERS


@pytest.mark.parametrize("format_", [CSV, {"kind": "ndjson"}, {"kind": "json"}],
                         ids=["csv", "ndjson", "json"])  # fmt: skip
def test_a_gzip_of_endless_rows_is_refused_in_bounded_memory(
    tmp_path: Path, format_: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In small: the same ratio, from a smaller floor."""
    monkeypatch.setattr(opening, "UNPACKED_BYTES", 1024 * 1024)
    row = {"csv": b"1,2\n", "ndjson": b'{"id":"1"}\n', "json": b'{"id":"1"},'}[format_["kind"]]
    start = {"csv": b"id,qty\n", "ndjson": b"", "json": b"["}[format_["kind"]]
    path = tmp_path / "a.gz"
    packed = gzip.compress(start + row * (8 * 1024 * 1024 // len(row)))
    assert len(packed) * opening.MOST_TIMES < 4 * 1024 * 1024
    path.write_bytes(packed)
    file = DroppedFile("towns", "0", "x", path.name, len(packed))
    tracemalloc.start()
    with pytest.raises(FileFaultError, match="its gzip unpacks to more than 100 times its size"):
        for _ in read_rows(path, file, CONTRACT, format_):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_what_packs_well_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"id,qty\n" + b"1,2\n" * 200_000))
    assert path.stat().st_size * opening.MOST_TIMES < 800_000
    assert len(read(path)) == 200_000


def test_a_header_costs_one_look_at_each_cell() -> None:
    class Counted(str):
        looks = 0

        def strip(self, *_: Any) -> Counted:
            return self

        def casefold(self) -> str:
            Counted.looks += 1
            return super().casefold()

    properties = read_contract(
        {"properties": {f"p{at}": {"type": "string"} for at in range(50)}}
    ).properties
    header = read_header([*(Counted(f"x{at}") for at in range(1000)), "P7"], properties)
    assert Counted.looks == 1000
    assert [(each.name, column) for _, each, column in header.places] == [("p7", 1000)]


def test_a_number_may_go_on_behind_the_end_of_a_chunk(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for number in ("1.5", "-12e3", "1E+7", "2.5e-3"):
        for cut in range(len(number) + 1):
            first = '{"a":"' + "x" * (CHUNK - 10 - cut) + '"}'
            assert len(f"[{first},") == CHUNK - cut
            path.write_text(f'[{first},{number},{{"a":2}}]')
            bodies = [row.body for row in read(path, {"kind": "json"})]
            assert bodies == [first, number, '{"a":2}'], (number, cut)
