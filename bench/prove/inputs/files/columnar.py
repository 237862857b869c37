"""Writes files of Avro and Parquet: reads {"rows": [...]} as JSON, prints the files' bytes in base64
by their names. Whole numbers come as texts, for JSON's readers round them."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import io
import json
import sys
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq

Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("name", pa.string()),
        ("qty", pa.int64()),
        ("price", pa.float64()),
        ("ok", pa.bool_()),
    ]
)
AVRO_TYPES = {"id": "string", "name": "string", "qty": "long", "price": "double", "ok": "boolean"}
RECURSIVE = {
    "type": "record",
    "name": "link",
    "fields": [{"name": "next", "type": ["null", "link"]}],
}
AT = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def avro(rows: list[Row], codec: str = "null", **fields: Any) -> bytes:
    """`fields`: types of Avro, each with the value that all rows have."""
    own = [
        {"name": name, "type": kind if name == "id" else ["null", kind]}
        for name, kind in AVRO_TYPES.items()
        if name not in fields
    ]
    more = [{"name": name, "type": kind} for name, (kind, _) in fields.items()]
    values = {name: value for name, (_, value) in fields.items()}
    schema = {"type": "record", "name": "row", "fields": own + more}
    buffer = io.BytesIO()
    whole = [{**row, **values} for row in rows]
    fastavro.writer(buffer, schema, whole, codec=codec, sync_interval=2000)
    return buffer.getvalue()


def parquet(rows: list[Row], compression: str = "snappy", **more: Any) -> bytes:
    schema = pa.schema([field for field in SCHEMA if field.name not in more])
    table = pa.Table.from_pylist(
        [{name: row[name] for name in schema.names} for row in rows], schema
    )
    for name, (kind, value) in more.items():
        table = table.append_column(name, pa.array([value] * len(rows), kind))
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression=compression)
    return buffer.getvalue()


def files(rows: list[Row]) -> dict[str, bytes]:
    one = rows[:1]
    micros = {"type": "long", "logicalType": "timestamp-micros"}
    price = {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2}
    quarter = decimal.Decimal("0.25")
    deep: Any = "string"
    for level in range(50):
        deep = {"type": "record", "name": f"level{level}", "fields": [{"name": "a", "type": deep}]}
    nested: Any = "end"
    for _ in range(50):
        nested = {"a": nested}
    return {
        "plain.avro": avro(rows),
        "deflate.avro": avro(rows, "deflate"),
        "none.avro": avro([]),
        "instant.avro": avro(one, at=(micros, AT)),
        "decimal.avro": avro(one, price=(price, quarter)),
        "other-type.avro": avro(one, ok=("string", "yes")),
        "more.avro": avro(one, more=("string", "x")),
        "deep.avro": avro(one, more=(deep, nested)),
        "recursive.avro": avro(one, more=(["null", RECURSIVE], {"next": None})),
        "nan.avro": avro(one, price=("double", float("nan"))),
        "many.avro": avro(rows * 6, "deflate"),
        "plain.parquet": parquet(rows),
        "gzip.parquet": parquet(rows, "gzip"),
        "zstd.parquet": parquet(rows, "zstd"),
        "uncompressed.parquet": parquet(rows, "none"),
        "none.parquet": parquet([]),
        "nanoseconds.parquet": parquet(one, at=(pa.timestamp("ns", "UTC"), AT)),
        "instant.parquet": parquet(one, at=(pa.timestamp("us", "UTC"), AT)),
        "decimal.parquet": parquet(one, price=(pa.decimal128(20, 2), quarter)),
        "other-type.parquet": parquet(one, ok=(pa.string(), "yes")),
        "more.parquet": parquet(one, more=(pa.list_(pa.int32()), [1, 2])),
        "nan.parquet": parquet(one, price=(pa.float64(), float("nan"))),
        "small-integer.parquet": parquet(one, qty=(pa.int8(), 5)),
        "unsigned.parquet": parquet(one, qty=(pa.uint64(), 2**64 - 1)),
        "many.parquet": parquet(rows * 6),
    }


def main() -> None:
    rows = json.load(sys.stdin)["rows"]
    for row in rows:
        row["qty"] = None if row["qty"] is None else int(row["qty"])
        row["price"] = None if row["price"] is None else float(row["price"])
    written = {name: base64.b64encode(content).decode() for name, content in files(rows).items()}
    json.dump(written, sys.stdout)


main()
