"""Files of every format in one batch: those that can be read are rows, each other is one row that
says why, and what a newer file replaces is seen."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import io
import json
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay_jobs.silver.verdicts import NO_ROWS
from lakes import CSV, ALake, files
from running import Row, Runs

CONTRACT = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": ["string", "null"]},
        "qty": {"type": "integer"},
        "price": {"type": "number"},
        "ok": {"type": "boolean"},
        "at": {"type": "string", "format": "date-time"},
    },
}
REFERENCE = {
    "required": ["path", "name", "bytes", "type", "sha256"],
    "properties": {
        **{name: {"type": "string"} for name in ("path", "name", "sha256")},
        "type": {"type": "string", "pattern": "^image/"},
        "bytes": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}
AT = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
LARGEST = 2**63 - 1


def avro(codec: str = "deflate", rows: int = 2, **more: Any) -> bytes:
    schema = {
        "type": "record",
        "name": "town",
        "fields": [
            {"name": "id", "type": "string"},
            {"name": "name", "type": ["null", "string"]},
            {"name": "qty", "type": "long"},
            {
                "name": "price",
                "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2},
            },
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
            *({"name": name, "type": "string"} for name in more),
        ],
    }
    price = decimal.Decimal("0.25")
    row = {"id": "1", "name": None, "qty": LARGEST, "price": price, "at": AT, **more}
    buffer = io.BytesIO()
    fastavro.writer(buffer, schema, [row] * rows, codec=codec, sync_interval=4000)
    return buffer.getvalue()


def parquet(rows: int = 2, **more: Any) -> bytes:
    columns = {
        "id": pa.array([str(at) for at in range(rows)]),
        "name": pa.array([None] * rows, pa.string()),
        "qty": pa.array([LARGEST] * rows),
        "price": pa.array([decimal.Decimal("0.25")] * rows, pa.decimal128(20, 2)),
        "ok": pa.array([True] * rows),
        "at": pa.array([AT] * rows, pa.timestamp("us", "UTC")),
        **{name: pa.array([value] * rows) for name, value in more.items()},
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="snappy", use_dictionary=False)
    return buffer.getvalue()


def damaged(content: bytes, at: int) -> bytes:
    """The frame of the file is whole, and what lies within is not."""
    end = at + 12
    return content[:at] + bytes(each ^ 0xFF for each in content[at:end]) + content[end:]


def damaged_avro() -> bytes:
    """The marker of its blocks ends the header, too; a count and a size follow."""
    content = avro(rows=900)
    return damaged(content, content.index(content[-16:]) + 16 + 5)


UNREADABLE = "file: Spark cannot read its "
LINE = '{"id": "1", "qty": 9223372036854775807, "price": 0.25, "ok": true}'
FORMATS: dict[str, dict[str, Any]] = {
    "plain": CSV,
    "german": {**CSV, "delimiter": ";", "decimal": ",", "encoding": "windows-1252"},
    **{kind: {"kind": kind} for kind in ("json", "ndjson", "avro", "parquet", "reference")},
}
FILES: list[tuple[str, str, bytes, list[str | None]]] = [
    ("plain", "rows.csv", b"ID,Name,qty,,\r\n1,Anna,5.0,,\n2,,5e0\n", [None, None]),
    ("plain", "_hidden.csv", b"id,name\n1,Anna\n", [None]),
    ("plain", "_dir/.hidden.csv", b"id,name\n1,Anna\n", [None]),
    ("plain", "${env:HOME}.csv", b"id,name\n1,Anna\n", [None]),
    ("plain", "packed.csv.gz", gzip.compress(b"id,name\n1,Anna\n"), [None]),
    ("plain", "half.csv.gz", gzip.compress(b"id,name\n" + b"1,Anna\n" * 999)[:-9],
     ["file: its gzip ends too early. Drop the whole file"]),
    ("plain", "plain.csv.gz", b"id,name\n1,Anna\n",
     ["file: its name ends in .gz and it is not gzip. Compress it, or leave .gz out"]),
    ("plain", "empty.csv", b"", ["file: it is empty. It replaces nothing"]),
    ("plain", "none.csv", b"id,name\n", []),
    ("plain", "open.csv", b'id,"name\n' + b"1,Anna\n" * 20_000,
     ["file: a quote that opens in the record of line 1 is not closed. "
      "Close it, or write quote: none"]),
    ("plain", "list.csv", json.dumps([{"id": "1"}] * 30_000).encode(),
     ["file: it begins like JSON. Write format: json, or ndjson"]),
    ("plain", "mixed.csv", b'id,name,qty\n1,a\xef\xbf\xbdb,\n2,"x"y,\n3,\xff,\n4,,1.5\n'
     b"5,,99999999999999999999\n",
     [None, "row: malformed quoting", "row: not UTF-8", "qty: type integer",
      "qty: integer beyond 64 bits"]),
    ("german", "rows.csv", "id;name;price\n1;Jürgen €;1,5\n2;;1e999\n".encode("cp1252"),
     [None, "price: number beyond a double"]),
    ("json", "list.json", f"[{LINE}, {LINE}, 7]".encode(), [None, None, "body: not an object"]),
    ("json", "one.json", LINE.encode(), [None]),
    ("json", "long.json.gz", gzip.compress(json.dumps([{"id": "1"}] * 3000).encode()),
     [None] * 3000),
    ("json", "lines.json", f"{LINE}\n{LINE}\n".encode(),
     ["file: it has more than one value. Write format: ndjson, or one list"]),
    ("ndjson", "lines.ndjson", b'\xef\xbb\xbf%b\r\n\n{"id":"\xff"}\n{"id":"1","id":"2"}\n{"id":1}'
     % LINE.encode(), [None, "body: not UTF-8", "body: a property twice", "id: type string"]),
    ("avro", "rows.avro", avro(), [None, None]),
    ("avro", "plain.avro", avro("null"), [None, None]),
    ("avro", "wider.avro", avro(rows=1, ok="yes"), ["ok: type boolean"]),
    ("avro", "half.avro", avro(rows=900)[:-9], ["file: its Avro is damaged. Drop the whole file"]),
    ("avro", "bad.avro", damaged_avro(), [UNREADABLE]),
    ("avro", "rows.csv", b"id,name\n",
     ["file: it does not begin like Avro. Write the format that it has"]),
    ("parquet", "rows[1].parquet", parquet(), [None, None]),
    ("parquet", "wider.parquet", parquet(1, more=1), [None]),
    ("parquet", "half.parquet", parquet()[:-9],
     ["file: its Parquet is damaged. Drop the whole file"]),
    ("parquet", "bad.parquet", damaged(parquet(), 6), [UNREADABLE]),
    ("parquet", "packed.parquet", gzip.compress(parquet()),
     ["file: it is gzip, and Parquet is compressed within. Write it without gzip"]),
    ("reference", "a.PNG", b"\x89PNG", [None]),
    ("reference", "b.txt", b"text", ["type: pattern ^image/"]),
    ("reference", "c.gif", b"", ["bytes: minimum 1"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def batch(lake: ALake, runs: Runs) -> tuple[dict[str, Any], dict[tuple[str, str], list[Row]]]:
    lake.define(
        {
            name: files(REFERENCE if name == "reference" else CONTRACT, format=format_)
            for name, format_ in FORMATS.items()
        }
    )
    dropped = [lake.file(content, name, source=source) for source, name, content, _ in FILES]
    number = lake.batch(files=dropped)
    process = runs.run(number)
    rows: dict[tuple[str, str], list[Row]] = {}
    for source in FORMATS:
        for row in runs.log(source, number):
            if row["_verdict"] != NO_ROWS:
                rows.setdefault((source, row["_partition"]), []).append(row)
    return process, rows


@pytest.mark.parametrize(
    ("source", "name", "reasons"),
    [(source, name, reasons) for source, name, _, reasons in FILES],
    ids=[f"{source} {name}" for source, name, _, _ in FILES],
)
def test_each_file_has_its_rows_or_one_reason(
    batch: tuple[dict[str, Any], dict[tuple[str, str], list[Row]]],
    source: str,
    name: str,
    reasons: list[str | None],
) -> None:
    rows = batch[1].get((source, name), [])
    found = [row["_reason"] for row in rows]
    if reasons == [UNREADABLE]:
        assert len(found) == 1
        assert str(found[0]).startswith(UNREADABLE)
        return
    assert found == reasons
    assert [row["_sequence"] for row in rows] == [*range(1, len(rows) + 1)]


def test_the_books_count_records_and_show_an_empty_table(
    batch: tuple[dict[str, Any], dict[tuple[str, str], list[Row]]],
) -> None:
    process, rows = batch
    for source in FORMATS:
        account = process["sources"][source]
        assert account["received"] == sum(len(own) for key, own in rows.items() if key[0] == source)
    partitions = process["sources"]["plain"]["partitions"]
    assert partitions["files/none.csv"] == {"from": 1, "to": 0, "rows": 0, "distinct": 0}
    assert partitions["files/open.csv"]["rows"] == 1


def test_values_are_exact_in_each_format(
    batch: tuple[dict[str, Any], dict[tuple[str, str], list[Row]]],
) -> None:
    rows = batch[1]
    for key in (("json", "list.json"), ("ndjson", "lines.ndjson"), ("avro", "rows.avro"),
                ("parquet", "rows[1].parquet")):  # fmt: skip
        row = rows[key][0]
        assert (row["qty"], row["price"], row["name"]) == (LARGEST, 0.25, None)
    assert rows["avro", "rows.avro"][0]["at"] == "2026-03-01T09:00:00.000000Z"
    assert rows["parquet", "rows[1].parquet"][1]["at"] == "2026-03-01T09:00:00.000000Z"
    assert [row["id"] for row in rows["parquet", "rows[1].parquet"]] == ["0", "1"]
    assert rows["german", "rows.csv"][0]["name"] == "Jürgen €"
    assert rows["german", "rows.csv"][0]["price"] == 1.5
    assert [row["qty"] for row in rows["plain", "rows.csv"]] == [5, 5]
    mixed = rows["plain", "mixed.csv"]
    assert mixed[0]["name"] == "a\ufffdb"
    assert [row["_body"] for row in mixed[1:3]] == [b'2,"x"y,', b"3,\xff,"]
    reference = rows["reference", "a.PNG"][0]
    assert reference["path"].endswith("/a.PNG")
    assert (reference["bytes"], reference["type"]) == (4, "image/png")


def test_a_file_without_a_row_replaces_as_an_empty_table_and_one_that_is_refused_nothing(
    batch: tuple[dict[str, Any], dict[tuple[str, str], list[Row]]], lake: ALake, runs: Runs
) -> None:
    def silver(source: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for row in runs.rows("silver", source):
            counts[row["_partition"]] = counts.get(row["_partition"], 0) + 1
        return counts

    before = {source: silver(source) for source in ("plain", "json", "avro")}
    number = lake.batch(
        files=[
            lake.file(b"id,name\n", "rows.csv", source="plain"),
            lake.file(b"", "_hidden.csv", source="plain"),
            lake.file(gzip.compress(b"id\n7\n8\n")[:-3], "packed.csv.gz", source="plain"),
            lake.file(b"[]", "one.json", source="json"),
            lake.file(b"[{}", "list.json", source="json"),
            lake.file(damaged_avro(), "rows.avro", source="avro"),
        ]
    )
    accounts = runs.run(number)["sources"]
    assert [accounts[each]["received"] for each in ("plain", "json", "avro")] == [2, 1, 1]
    assert [accounts[each]["quarantined"] for each in ("plain", "json", "avro")] == [2, 1, 1]
    assert accounts["json"]["partitions"]["files/one.json"]["rows"] == 0
    del before["plain"]["rows.csv"], before["json"]["one.json"]
    assert {source: silver(source) for source in before} == before
    assert not list((lake.root / lake.folder(number)).glob("work/*/rows/*"))
