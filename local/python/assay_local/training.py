"""Two small batches through the real job, so that the JVM meets the classes that every batch needs."""

import json
from pathlib import Path
from typing import Any

import fastavro
from assay_jobs.request import Request
from assay_jobs.runner import run
from assay_jobs.warehouse import Warehouse
from pyspark.sql import SparkSession

_PIPELINE = "training"
_DEFINITION = "0" * 64
_STREAM = {"source": "events", "stream": "hub/events", "generation": "0" * 12, "partition": "0"}
_CAPTURE = {
    "type": "record",
    "name": "EventData",
    "namespace": "Microsoft.ServiceBus.Messaging",
    "fields": [{"name": "SequenceNumber", "type": "long"}, {"name": "Body", "type": ["null", "bytes"]}],
}
_EVENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["at", "value", "place"],
    "properties": {
        "at": {"type": "string", "x-parse": "yyyy/MM/dd HH:mm"},
        "value": {"type": "integer", "minimum": 0},
        "place": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
}
_PLACE = {
    "type": "object",
    "required": ["place"],
    "properties": {"place": {"type": "string"}, "latitude": {"type": "number"}},
    "x-key": ["place"],
}
_GOLD = """
WITH days AS (
  SELECT place, replace(substr(at, 1, 10), '/', '-') AS day, value FROM silver.events
)
SELECT days.place, days.day, count(*) AS events, round(avg(value), 6) AS mean, percentile(value, 0.9) AS high,
  round(avg(CASE WHEN value > 5 THEN 1 ELSE 0 END), 6) AS share, any_value(places.latitude) AS latitude
FROM days LEFT JOIN silver.places AS places ON places.place = days.place
GROUP BY days.place, days.day
"""


_CSV = {"kind": "csv", "delimiter": ",", "quote": '"', "encoding": "utf-8", "skipLines": 0, "decimal": "."}


def train(spark: SparkSession, lake: Path) -> None:
    _write(lake / "_assay/definitions" / _PIPELINE / f"{_DEFINITION}.json", _definition())
    for batch in (1, 2):
        slices = [_slice(lake, first=batch * 100)]
        files = [_file(lake, batch)]
        _write(
            lake / f"_assay/pipelines/{_PIPELINE}/batches/{batch:010d}/manifest.json", _manifest(batch, slices, files)
        )
        warehouse = Warehouse(spark, "spark_catalog", _PIPELINE)
        run(warehouse, Request(_PIPELINE, batch, 1, str(lake), "spark_catalog"))


def _definition() -> dict[str, Any]:
    return {
        "version": 3,
        "pipeline": _PIPELINE,
        "digest": _DEFINITION,
        "sources": {
            "events": {
                "kind": "hub",
                "input": "stream",
                "stream": "hub/events",
                "hub": "events",
                "consumerGroup": "assay",
                "contiguous": True,
                "eventTime": "at",
                "lateAfterSeconds": 3600,
                "contract": _EVENT,
            },
            "places": {
                "kind": "landing",
                "input": "files",
                "trigger": "queue",
                "folder": "places",
                "format": _CSV,
                "onRedrop": "replace",
                "onRepeatedKey": "first",
                "contract": _PLACE,
            },
        },
        "gold": {
            "days": {
                "file": "gold/days.sql",
                "mode": "full",
                "key": ["place", "day"],
                "onUnusableKey": "refuse",
                "sql": _GOLD,
                "reads": [],
            }
        },
        "goldOrder": ["days"],
        "sinks": {"cosmos": {"kind": "cosmos", "tables": ["days"], "settings": {}}},
        "batching": {"quietForSeconds": 3, "atMostSeconds": 300, "maxEvents": 1000, "maxFiles": 10},
    }


def _manifest(batch: int, slices: list[dict[str, Any]], files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "version": 3,
        "pipeline": _PIPELINE,
        "incarnation": "training",
        "batch": batch,
        "kind": "regular",
        "definition": _DEFINITION,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "slices": slices,
        "files": files,
        "ends": {},
        "reloads": [],
        "requests": [],
    }


def _slice(lake: Path, first: int) -> dict[str, Any]:
    bodies = [
        json.dumps({"at": f"2026/01/0{1 + number % 9} 10:00", "value": number, "place": "ABC"}) for number in range(20)
    ]
    events = [
        {"SequenceNumber": first + at, "Body": body.encode()} for at, body in enumerate([*bodies, '{"not": "one"}'])
    ]
    path = f"bronze/events/{first}.avro"
    (lake / path).parent.mkdir(parents=True, exist_ok=True)
    with (lake / path).open("wb") as file:
        fastavro.writer(file, _CAPTURE, events)
    return {**_STREAM, "from": first, "to": first + len(events) - 1, "path": path}


def _file(lake: Path, batch: int) -> dict[str, Any]:
    path = f"bronze/files/places/{batch}/places.csv"
    content = f"place,latitude\nABC,{batch}.5\nDEF,2.5\n"
    (lake / path).parent.mkdir(parents=True)
    (lake / path).write_text(content)
    return {"source": "places", "id": str(batch), "path": path, "name": "places.csv", "bytes": len(content)}


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
