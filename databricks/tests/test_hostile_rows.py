"""What must not end the job with real Spark: each is one row that says why, beside rows that are
good."""

from __future__ import annotations

import io
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakes import CSV, ALake, files
from running import Row, Runs

PATTERN = "^([A-Z]|-)+$"
TOWN = {
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "pattern": PATTERN},
        "qty": {"type": "integer"},
        "price": {"type": "number"},
    },
    "x-key": ["id"],
}
LONG = 100_000


def recursive() -> bytes:
    node = {
        "type": "record",
        "name": "node",
        "fields": [{"name": "id", "type": "string"}, {"name": "next", "type": ["null", "node"]}],
    }
    buffer = io.BytesIO()
    fastavro.writer(buffer, node, [{"id": "A", "next": None}])
    return buffer.getvalue()


def parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


FILES: dict[str, str | bytes] = {
    "lines": f'{{"id": "A-B"}}\n{{"id": "{"A" * LONG}"}}\n{{"id": "a"}}\n{{}}\n',
    "german": "id;qty;price\nA;1000;1,5\nB;1.000;\nC;;1.234,5\n",
    "avro": recursive(),
    "parquet": parquet(id=["A"], secret=pa.array([1], pa.time64("us"))),
}
FORMATS: dict[str, dict[str, Any]] = {
    "lines": {"kind": "ndjson"},
    "german": {**CSV, "delimiter": ";", "decimal": ","},
    "avro": {"kind": "avro"},
    "parquet": {"kind": "parquet"},
}


@pytest.fixture(scope="module")
def rows(lake: ALake, runs: Runs) -> dict[str, list[Row]]:
    lake.define({name: files(TOWN, format=format_) for name, format_ in FORMATS.items()})
    number = lake.batch(
        files=[lake.file(content, f"town.{name}", source=name) for name, content in FILES.items()]
    )
    runs.run(number)
    return {name: runs.log(name, number) for name in FORMATS}


def reasons(rows: list[Row]) -> list[str | None]:
    return [row["_reason"] for row in rows]


def test_a_text_that_java_could_not_match_is_refused_by_its_length(
    rows: dict[str, list[Row]],
) -> None:
    too_long = "id: more than 698 characters for its pattern"
    wanted = [None, too_long, f"id: pattern {PATTERN}", "id: required"]
    assert reasons(rows["lines"]) == wanted


def test_both_marks_of_a_number_change_places_and_it_is_shown_as_it_was(
    rows: dict[str, list[Row]],
) -> None:
    assert reasons(rows["german"]) == [None, "qty: type integer", "price: type number"]
    assert (rows["german"][0]["qty"], rows["german"][0]["price"]) == (1000, 1.5)
    shown = [problem["value"] for row in rows["german"][1:] for problem in row["_problems"]]
    assert shown == ["1.000", "1.234,5"]


def test_what_spark_has_no_type_for_is_told_without_a_text_of_the_file(
    rows: dict[str, list[Row]],
) -> None:
    assert reasons(rows["avro"]) == ["file: Spark cannot read its Avro. Drop the whole file"]
    assert reasons(rows["parquet"]) == [
        "file: Spark cannot read its Parquet (UNSUPPORTED_TIME_TYPE). Drop the whole file"
    ]
