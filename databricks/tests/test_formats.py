"""What files of text become, one literal file at a time, without Spark."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import read_contract
from assay_jobs.silver.formats.columnar import schema_of_file
from assay_jobs.silver.formats.csv_rows import CsvOptions, read_csv
from assay_jobs.silver.formats.fault import MAX_CHARACTERS, FileFaultError
from assay_jobs.silver.formats.json_rows import CHUNK, read_json
from assay_jobs.silver.formats.row import Row, line_of
from assay_jobs.silver.formats.text_files import read_rows
from lakes import CSV

CONTRACT = read_contract(
    {
        "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "qty": {"type": "integer"},
            "price": {"type": "number"},
        },
    }
)
NAMES = [each.name for each in CONTRACT.properties]
Read = list[Any] | str


def read(folder: Path, content: bytes | str, name: str, format_: dict[str, Any]) -> Read:
    """The rows, or what is wrong with the file."""
    path = folder / "content"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    file = DroppedFile("towns", "0", "bronze/files/towns/0/x", name, path.stat().st_size)
    try:
        rows = list(read_rows(path, file, CONTRACT, format_))
    except FileFaultError as error:
        return str(error)
    if format_["kind"] != "csv":
        return [row.body if row.body is not None else row.base64 for row in rows]
    return [row.problem or {NAMES[at]: text for at, text in row.texts.items()} for row in rows]


ANNA = {"id": "1", "name": "Anna"}
BERT = {"id": "2", "name": "Bert"}

# Beginnings of what is told of a file stand instead of its rows.
CSV_FILES: list[tuple[str, bytes | str, dict[str, Any], Read]] = [
    ("rows", "id,name\n1,Anna\n2,Bert\n", {}, [ANNA, BERT]),
    ("no end of its last line", "id,name\n1,Anna", {}, [ANNA]),
    ("a header alone", "id,name,qty\n", {}, []),
    ("nothing", "", {}, "file: it is empty. It replaces nothing"),
    ("empty lines", "\n\n", {}, "file: it has no header"),
    ("a CRLF header and LF rows", "id,name\r\n1,Anna\n2,Bert\n", {}, [ANNA, BERT]),
    ("an LF header and CRLF rows", "id,name\n1,Anna\r\n2,Bert\r\n", {}, [ANNA, BERT]),
    ("CR alone", "id,name\r1,Anna\r2,Bert\r", {}, [ANNA, BERT]),
    ("ends of lines within quotes", 'id,name\r\n1,"a\r\nb\nc"\r\n2,Bert\n', {},
     [{"id": "1", "name": "a\r\nb\nc"}, BERT]),
    ("a line break in a header", 'id,"na\nme",name\n1,x,Anna\n', {}, [ANNA]),
    ("a blank line", "id,name\n1,Anna\n\n2,Bert\n", {}, [ANNA, BERT]),
    ("a byte order mark", "\ufeffid,name\n1,Anna\n", {}, [ANNA]),
    ("a quoted header", '"id","name"\n1,Anna\n', {}, [ANNA]),
    ("spaces around names", "id , name\n1,Anna\n", {}, [ANNA]),
    ("other case", "ID,Name\n1,Anna\n", {}, [ANNA]),
    ("both cases", "ID,id,name\n7,1,Anna\n", {}, [ANNA]),
    ("other case twice", "ID,Id,name\n7,1,Anna\n", {}, "file: the header has the column id twice."),
    ("a column twice", "id,name,id\n1,Anna,2\n", {}, "file: the header has the column id twice."),
    ("an unknown column twice", "id,x,x,name\n1,2,3,Anna\n", {}, [ANNA]),
    ("unnamed trailing columns", "id,name,,\n1,Anna,,\n2,Bert\n", {}, [ANNA, BERT]),
    ("a value in one", "id,name,,\n1,Anna,,x\n2,Bert,,\n", {}, ["row: not 2 fields", BERT]),
    ("a value in an unnamed column", "id,,name\n1,x,Anna\n2,,Bert\n", {},
     ["row: a value in a column without a name", BERT]),
    ("trailing delimiters of rows", "id,name\n1,Anna,,\n", {}, [ANNA]),
    ("too many fields", "id,name\n1,Anna,x\n", {}, ["row: not 2 fields"]),
    ("too few", "id,qty,name\n1,2\n", {}, ["row: not 3 fields"]),
    ("a missing column", "name,qty\nAnna,1\n", {},
     "file: its header in line 1, of 2 columns, lacks id. Write the names of the contract's properties"),
    ("no known column", "a,b\n1,2\n", {}, "file: its header in line 1, of 2 columns, lacks id, name, qty, price."),
    ("no header", "1,Anna\n2,Bert\n", {}, "file: its header in line 1, of 2 columns, lacks id"),
    ("names instead", "1,Anna\n2,Bert\n", {"columns": ["id", "name"]}, [ANNA, BERT]),
    ("names, and no row", "\n", {"columns": ["id", "name"]}, []),
    ("an empty string", 'id,name\n1,""\n', {}, [{"id": "1"}]),
    ("doubled quotes", 'id,name\n1,"a ""b"""\n', {}, [{"id": "1", "name": 'a "b"'}]),
    ("a quote within a field", 'id,name\n1,5" pipe\n2,Bert\n', {}, ["row: malformed quoting", BERT]),
    ("two of them", 'id,name\n1,a "b" c\n2,Bert\n', {}, ["row: malformed quoting", BERT]),
    ("text behind a quote", 'id,name\n1,"a"b\n2,Bert\n', {}, ["row: malformed quoting", BERT]),
    ("a space before a quote", 'id,name\n1, "a"\n2,Bert\n', {}, ["row: malformed quoting", BERT]),
    ("an early quote", 'id,name\n1,"Anna\n3,"C"\n2,Bert\n', {}, ["row: malformed quoting", BERT]),
    ("an unclosed quote", 'id,name\n1,Anna\n2,"Bert\n', {},
     "file: a quote that opens in the record of line 3 is not closed. Close it"),
    ("one in a long file", 'id,name\n1,"Anna\n' + "2,Bert\n" * 30_000, {},
     "file: a quote that opens in the record of line 2 is not closed"),
    ("one in the header", 'id,"name\n' + "2,Bert\n" * 30_000, {},
     "file: a quote that opens in the record of line 1 is not closed"),
    ("one beyond all limits", 'id,"name\n' + "2,Bert\n" * (MAX_CHARACTERS // 7 + 1), {},
     "file: a field of the record of line 1 does not end within 4194304 characters"),
    ("a long field", "id,name\n1," + "x" * 200_000 + "\n", {}, [{"id": "1", "name": "x" * 200_000}]),
    ("an endless line", "id,name\n" + "x" * (MAX_CHARACTERS + 1), {},
     "file: line 2 is longer than 4194304 characters"),
    ("a long record", "id,name\n" + ",".join(["1", *["x" * 2_100_000] * 2]), {},
     "file: line 2 is longer than 4194304 characters"),
    ("one of many lines", 'id,name\n1,Anna\n1,"' + "x\n" * 2_000_000 + '","' + "x\n" * 200_000 + '"\n', {},
     "file: the record of line 3 is longer than 4194304 characters"),
    ("no quotes declared", 'id,name\n1,5" pipe\n', {"quote": None}, [{"id": "1", "name": '5" pipe'}]),
    ("another quote", "id,name\n1,'a,''b'\n", {"quote": "'"}, [{"id": "1", "name": "a,'b"}]),
    ("semicolons", "id;name\n1;Anna\n", {},
     "file: the columns of its header are separated by ';'. Write delimiter: ';'"),
    ("tabs", "id\tname\n1\tAnna\n", {}, "file: the columns of its header are separated by tab. Write delim"),
    ("quoted names between semicolons", '"id";"name"\n"1";"Anna"\n', {},
     "file: the columns of its header are separated by ';'. Write delimiter: ';'"),
    ("a malformed header", '"id"x,"name"\n1,Anna\n', {}, "file: the quoting of its header in line 1 is malf"),
    ("a malformed header between its delimiters", 'id,"na"me\n1,Anna\n', {},
     "file: the quoting of its header in line 1 is malformed"),
    ("names in quotes where none are declared", '"id";"name"\n"1";"Anna"\n',
     {"quote": None, "delimiter": ";"}, "file: the names of its header are in quotes. Write quote: '\"'"),
    ("JSON in a field", 'id,name\n1,"{""type"": ""Point"", ""at"": [1, 2]}"\n', {},
     [{"id": "1", "name": '{"type": "Point", "at": [1, 2]}'}]),
    ("semicolons declared", "id;name;price\n1;Anna;1,5\n", {"delimiter": ";", "decimal": ","},
     [{**ANNA, "price": "1.5"}]),
    ("a mark of thousands", "id;qty;price\n1;1.000;1.234,5\n", {"delimiter": ";", "decimal": ","},
     [{"id": "1", "qty": "1,000", "price": "1,234.5"}]),
    ("commas where semicolons are declared", "id,name\n1,Anna\n", {"delimiter": ";"},
     "file: the columns of its header are separated by ','. Write delimiter: ','"),
    ("a sep line", "sep=;\r\nid;name\r\n1;Anna\r\n", {}, [ANNA]),
    ("a sep line without a delimiter", "sep=\r\nid,name\n1,Anna\n", {},
     "file: its line sep= names no delimiter. Write a character other than a quote"),
    ("a sep line with a quote", 'sep="\r\nid,name\n1,Anna\n', {}, "file: its line sep= names no del"),
    ("a sep line with a space", "sep= \nid name\n1 Anna\n", {}, [ANNA]),
    ("a title", "Export of 2026-01-31\nid,name\n1,Anna\n", {},
     "file: its header stands in line 2. Write skip_lines: 1"),
    ("a title and a blank line", "Export, all\n\nid,name\n1,Anna\n", {},
     "file: its header stands in line 3. Write skip_lines: 2"),
    ("a title that is skipped", "Export, all\n\nid,name\n1,Anna\n", {"skipLines": 2}, [ANNA]),
    ("more skipped than there is", "id,name\n1,Anna\n", {"skipLines": 9}, "file: it has no header"),
    ("XML", '<rows><row id="1"/></rows>\n', {}, "file: it begins like XML or HTML"),
    ("JSON", '[{"id":"1"},{"id":"2"}]\n', {}, "file: it begins like JSON. Write format: json"),
    ("a long list of JSON", json.dumps([{"id": "1", "name": "x" * 90}] * 30_000), {},
     "file: it begins like JSON. Write format: json"),
    ("the replacement character", "id,name\n1,a\ufffdb\n", {}, [{"id": "1", "name": "a\ufffdb"}]),
    ("Latin-1", "id,name\n1,J\xfcrgen\n2,Bert\n".encode("latin-1"), {}, ["row: not UTF-8", BERT]),
    ("a header in Latin-1", "id,Stra\xdfe\n1,A\n".encode("latin-1"), {},
     "file: its header is not utf-8. Write the encoding that it has"),
    ("Latin-1 declared", "id,name\n1,J\xfcrgen\n".encode("latin-1"), {"encoding": "iso-8859-1"},
     [{"id": "1", "name": "Jürgen"}]),
    ("a euro", "id,name\n1,€\n".encode("cp1252"), {"encoding": "windows-1252"},
     [{"id": "1", "name": "€"}]),
    ("UTF-16", "id,name\n1,Anna\n".encode("utf-16"), {}, "file: it is text in UTF-16. Write it in"),
    ("UTF-16 without a mark", "id,name\n1,A\n".encode("utf-16le"), {}, "file: it has zero bytes"),
    ("UTF-16 declared", "id,name\n1,Anna\n".encode("utf-16"), {"encoding": "utf-16"}, [ANNA]),
    ("its big end declared", "\ufeffid,name\n1,Anna\n".encode("utf-16be"), {"encoding": "utf-16be"},
     [ANNA]),
    ("UTF-8 where UTF-16 is declared", "id,name\n1,Anna\n", {"encoding": "utf-16"},
     "file: it is not utf-16. Write the encoding that it has"),
    ("the other end declared", "id,name\n1,A\n".encode("utf-16"), {"encoding": "utf-16be"},
     "file: its mark is not that of utf-16be. Write encoding: utf-16"),
    ("half a character", "id,name\n1,A".encode("utf-16le")[:-1], {"encoding": "utf-16le"},
     "file: it is not utf-16le"),
    ("UTF-32", "id,name\n".encode("utf-32"), {}, "file: it is text in UTF-32"),
    ("numbers with spaces", "id,qty,price\n 1, 2 ,\t3.5\n", {},
     [{"id": " 1", "qty": "2", "price": "3.5"}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "options", "wanted"),
    [case[1:] for case in CSV_FILES],
    ids=[case[0] for case in CSV_FILES],
)
def test_a_csv_is_read_as_people_write_it_or_refused_with_a_reason(
    tmp_path: Path, content: bytes | str, options: dict[str, Any], wanted: Read
) -> None:
    given_ = {key: value for key, value in {**CSV, **options}.items() if value is not None}
    found = read(tmp_path, content, "a.csv", given_)
    if isinstance(wanted, str):
        assert isinstance(found, str)
        assert found.startswith(wanted)
    else:
        assert found == wanted
    # Whatever can be read plain can be read packed.
    whole = content.encode() if isinstance(content, str) else content
    if whole:
        assert read(tmp_path, gzip.compress(whole), "a.csv.gz", given_) == found


def zipped(text: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.csv", text)
    return archive.getvalue()


TEXT = "id,name\n1,Anna\n"
PACKED: list[tuple[str, bytes, str, str]] = [
    ("plain text named gz", TEXT.encode(), "a.csv.gz", "its name ends in .gz and it is not gzip"),
    ("plain text named bz2", TEXT.encode(), "a.csv.bz2", "its name ends in .bz2, and it is not"),
    ("plain text named zst", TEXT.encode(), "a.csv.zst", "its name ends in .zst, and it is not"),
    ("half a gzip", gzip.compress(TEXT.encode())[:-9], "a.csv.gz", "its gzip ends too early"),
    ("a gzip's header alone", gzip.compress(TEXT.encode())[:8], "a.csv.gz", "its gzip ends too"),
    ("a damaged gzip", gzip.compress(TEXT.encode())[:-6] + b"123456", "a.csv.gz", "its gzip is dam"),
    ("an empty gzip", gzip.compress(b""), "a.csv.gz", "it is empty. It replaces nothing"),
    ("gzip in gzip", gzip.compress(gzip.compress(TEXT.encode())), "a.csv.gz", "it has zero bytes"),
    ("bzip2", bz2.compress(TEXT.encode()), "a.csv.bz2", "it is compressed by bzip2. Only gzip"),
    ("xz", lzma.compress(TEXT.encode()), "a.csv", "it is compressed by xz. Only gzip is read"),
    ("zstd", b"\x28\xb5\x2f\xfd\x04\x00", "a.csv.zst", "it is compressed by zstd. Only gzip"),
    ("zip", zipped(TEXT), "a.csv", "it is a zip archive or an office document"),
    ("Parquet", b"PAR1\x15\x04", "a.csv", "it is Parquet. Write format: parquet"),
    ("Avro", b"Obj\x01\x04", "a.csv", "it is Avro. Write format: avro"),
    ("a PDF", b"%PDF-1.7\n", "a.csv", "it is a PDF"),
    ("bytes", bytes(range(256)), "a.csv", "it has zero bytes"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson"])
@pytest.mark.parametrize(
    ("content", "name", "wanted"), [case[1:] for case in PACKED], ids=[case[0] for case in PACKED]
)
def test_what_is_packed_otherwise_is_told_by_its_first_bytes(
    tmp_path: Path, content: bytes, name: str, wanted: str, kind: str
) -> None:
    found = read(tmp_path, content, name, CSV if kind == "csv" else {"kind": kind})
    assert isinstance(found, str)
    assert found.startswith(f"file: {wanted}")


def test_a_gzip_needs_no_name(tmp_path: Path) -> None:
    assert read(tmp_path, gzip.compress(TEXT.encode()), "a.csv", CSV) == [ANNA]


ONE, TWO = '{"id":"1","n":1.10}', '{"id": "2", "n": 12345678901234567890.10}'
JSON_FILES: list[tuple[str, bytes | str, Read, Read]] = [
    ("a list", f"[{ONE},{TWO}]\n", [ONE, TWO], "file: it does not begin like NDJSON"),
    ("a printed list", f" [\n {ONE} ,\n {TWO}\n]", [ONE, TWO], "file: it does not begin like NDJSON"),
    ("an empty list", "[ ]", [], "file: it does not begin like NDJSON"),
    ("lines", f"{ONE}\n{TWO}\n", "file: it has more than one value. Write format: ndjson",
     [ONE, TWO]),
    ("CRLF and blank lines", f"{ONE}\r\n\r\n{TWO}", "file: it has more than one value", [ONE, TWO]),
    ("one object", ONE, [ONE], [ONE]),
    ("a printed object", '{\n"id": "1"\n}', ['{\n"id": "1"\n}'], "file: an object has more than one"),
    ("a byte order mark", f"\ufeff[{ONE}]", [ONE], "file: it does not begin like NDJSON"),
    ("one before lines", f"\ufeff{ONE}\n", [ONE], [ONE]),
    ("values that are no objects", '[1, "a", null, 5e0]', ["1", '"a"', "null", "5e0"],
     "file: it does not begin like NDJSON"),
    ("a bad byte", b'[{"id":"1"},{"id":"\xff"}]', ['{"id":"1"}', "eyJpZCI6Iv8ifQ=="],
     "file: it does not begin like NDJSON"),
    ("a bad byte in a line", b'{"id":"1"}\n{"id":"\xff"}\n', "file: it has more than one",
     ['{"id":"1"}', "eyJpZCI6Iv8ifQ=="]),
    ("a bad line", f"{ONE}\nx\n{TWO}\n", "file: it has more than one value", [ONE, "x", TWO]),
    ("a huge number", "[" + "9" * 5000 + "]", ["9" * 5000], "file: it does not begin like NDJSON"),
    ("NaN", "[NaN]", ["NaN"], "file: it does not begin like NDJSON"),
    ("half a list", f"[{ONE},", "file: it ends too early. Drop the whole file", "file: it does not begin like NDJSON"),
    ("no end of a list", f"[{ONE}", "file: it ends too early. Drop the whole file", "file: it does not begin like NDJSON"),
    ("half an object", f'[{ONE},{{"id":"2', "file: it ends too early", "file: it does not begin like NDJSON"),
    ("a comma too many", f"[{ONE},]", "file: it is not JSON at character 22", "file: it does not begin like NDJSON"),
    ("a comma too few", f"[{ONE} {TWO}]", "file: it is not JSON at character 22: a comma or the end",
     "file: it does not begin like NDJSON"),
    ("text behind it", f"[{ONE}] x", "file: it has more than one value", "file: it does not begin like NDJSON"),
    ("CSV", "id,name\n1,Anna\n", "file: it does not begin like JSON, with '[' or '{'. Write",
     "file: it does not begin like NDJSON, with a line of an object. Write"),
    ("XML", "<a/>", "file: it does not begin like JSON", "file: it does not begin like NDJSON"),
    ("blanks", "  \n", "file: it does not begin like JSON", []),
    ("nothing", "", "file: it is empty", "file: it is empty"),
    ("deep nesting", "[" + "[" * 100_000 + "]" * 100_000 + "]", "file: it is not JSON at character 2",
     "file: it does not begin like NDJSON"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "as_json", "as_ndjson"),
    [case[1:] for case in JSON_FILES],
    ids=[case[0] for case in JSON_FILES],
)
def test_json_is_cut_into_rows_as_it_stands(
    tmp_path: Path, content: bytes | str, as_json: Read, as_ndjson: Read
) -> None:
    for kind, wanted in (("json", as_json), ("ndjson", as_ndjson)):
        found = read(tmp_path, content, f"a.{kind}", {"kind": kind})
        if isinstance(wanted, str):
            assert isinstance(found, str)
            assert found.startswith(wanted)
        else:
            assert found == wanted


def test_a_list_longer_than_what_is_read_at_once_keeps_every_digit(tmp_path: Path) -> None:
    rows = [f'{{"id": "{at}", "n": {at}.{"0" * 80}1}}' for at in range(2 * CHUNK // 90)]
    whole = "[" + ",\n".join(rows) + "]"
    assert len(whole) > 2 * CHUNK
    assert read(tmp_path, whole, "a.json", {"kind": "json"}) == rows
    # The end of a chunk within a number, and behind one.
    for shift in range(8):
        numbers = ["1" * (CHUNK - 4 - shift), "23456", "7"]
        assert read(tmp_path, f"[{','.join(numbers)}]", "a.json", {"kind": "json"}) == numbers


def test_a_value_without_end_is_not_kept_in_memory() -> None:
    class Endless(io.BytesIO):
        def close(self) -> None:
            """It is asked afterwards how far it was read."""

    endless = Endless(b'[{"id": "' + b"x" * (3 * MAX_CHARACTERS))
    with pytest.raises(FileFaultError, match="a value is longer than 4194304 characters"):
        list(read_json(endless))
    assert endless.tell() < 2.5 * MAX_CHARACTERS


def test_a_reference_is_a_row_of_what_the_file_is(tmp_path: Path) -> None:
    content = b"\x89PNG" + bytes(100)
    found = read(tmp_path, content, "maps/Town 1.PNG", {"kind": "reference"})
    assert isinstance(found, list)
    [row] = found
    assert json.loads(row) == {
        "path": "bronze/files/towns/0/x",
        "name": "maps/Town 1.PNG",
        "bytes": 104,
        "type": "image/png",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("A.CSV.GZ", "application/gzip"),
        ("a.json", "application/json"),
        ("a.xyzzy", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_the_type_of_a_reference_is_told_by_its_name(tmp_path: Path, name: str, type_: str) -> None:
    [row] = list(read(tmp_path, b"x", name, {"kind": "reference"}))
    assert json.loads(row)["type"] == type_


def test_a_reference_has_its_name_as_it_is_written(tmp_path: Path) -> None:
    [row] = list(read(tmp_path, b"x", "Straße.png", {"kind": "reference"}))
    assert '"Straße.png"' in row


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5), st.sampled_from(",;\t|"))
def test_what_a_csv_is_written_from_comes_back(rows: list[list[str]], delimiter: str) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    text = f"id{delimiter}name\r\n" + "".join(
        delimiter.join(map(cell, row)) + "\r\n" for row in rows
    )
    options = CsvOptions(delimiter, '"', "utf-8", None, 0, ".")
    found = list(read_csv(io.BytesIO(text.encode()), CONTRACT, options))
    assert [[row.texts.get(0, ""), row.texts.get(1, "")] for row in found] == rows
    assert {row.problem for row in found} <= {None}


PIECES = st.sampled_from(
    [b"id", b"name", b",", b'"', b"\n", b"\r", b"{", b"}", b"[", b"]", b":", b"1", b"\\u", b"\xff",
     b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b\x08", b"sep=", b";", b" ", b"Obj\x01", b"PAR1"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=40), st.lists(PIECES, max_size=25).map(b"".join)))
def test_whatever_the_bytes_are_they_are_rows_or_a_fault_of_the_file(content: bytes) -> None:
    encodings = ["utf-8", "utf-16", "utf-16be", "windows-1252", "shift_jis", "gb18030", "big5"]
    formats: list[dict[str, Any]] = [{"kind": "json"}, {"kind": "ndjson"}]
    formats += [{**CSV, "encoding": encoding} for encoding in encodings]
    formats += [{**CSV, "columns": ["id", "name"]}, {**CSV, "quote": "'", "skipLines": 1}]
    with TemporaryDirectory() as folder:
        for format_ in formats:
            found = read(Path(folder), content, "a.csv", format_)
            assert isinstance(found, list) or found.startswith("file: ")
        path = Path(folder) / "columnar"
        for kind, magic in (("avro", b"Obj\x01"), ("parquet", b"PAR1")):
            path.write_bytes(magic + content + magic)
            with pytest.raises(FileFaultError):
                schema_of_file(path, kind)


@given(TEXTS, TEXTS)
def test_a_row_is_one_line_of_json(body: str, text: str) -> None:
    line = line_of("f", 7, Row(body, None, {1: text}, body))
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "_file": "f", "_sequence": 7, "_raw": body, "_fault": body, "_text_1": text,
    }  # fmt: skip
