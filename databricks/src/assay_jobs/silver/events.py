"""Slices of Avro files in the Event Hubs Capture schema, as rows with their position."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assay_jobs import quoting as q
from assay_jobs.batch import Slice
from assay_jobs.lake import JobLake

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.warehouse import Warehouse

# Capture's record, of which only these two fields are read. Given explicitly: without it Spark
# takes the schema of the first file that it meets.
CAPTURE_SCHEMA = json.dumps(
    {
        "type": "record",
        "name": "EventData",
        "namespace": "Microsoft.ServiceBus.Messaging",
        "fields": [
            {"name": "SequenceNumber", "type": "long"},
            {"name": "Body", "type": ["null", "bytes"]},
        ],
    }
)


def read_slices(warehouse: Warehouse, lake: JobLake, slices: list[Slice]) -> DataFrame:
    paths = sorted({piece.path for piece in slices})
    depth = paths[0].count("/") + 1
    wanted = q.listed(
        f"({q.text(piece.path)}, {q.text(piece.generation)}, {q.text(piece.partition)}, "
        f"{piece.first}L, {piece.last}L)"
        for piece in slices
    )
    events = (
        warehouse.reader.format("avro")
        .option("avroSchema", CAPTURE_SCHEMA)
        .load([lake.path(path) for path in paths])
        .selectExpr(
            "SequenceNumber AS _sequence",
            "Body AS _body",
            # The end of the path is ours; how the root is spelt in a URI is the runtime's.
            f"substring_index(_metadata.file_path, '/', -{depth}) AS _file",
        )
    )
    ranges = warehouse.sql(
        f"SELECT * FROM VALUES {wanted} AS wanted (_file, _generation, _partition, _from, _to)"
    )
    return (
        events.join(ranges.hint("broadcast"), "_file")
        .where("_sequence BETWEEN _from AND _to")
        .drop("_from", "_to")
    )


def expected_positions(slices: list[Slice]) -> dict[tuple[str, str], int]:
    """How many positions the slices of each partition cover together."""
    covered: dict[tuple[str, str], int] = {}
    last: dict[tuple[str, str], int] = {}
    for piece in sorted(slices, key=lambda piece: piece.first):
        stream = (piece.generation, piece.partition)
        fresh = max(piece.first, last.get(stream, piece.first - 1) + 1)
        covered[stream] = covered.get(stream, 0) + max(0, piece.last - fresh + 1)
        last[stream] = max(piece.last, last.get(stream, piece.last))
    return covered
