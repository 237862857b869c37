"""Builders of a small lake: Avro as Event Hubs Capture writes it, manifests, definitions."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import fastavro
from sqlglot.errors import ParseError

from assay_jobs.author_sql import parse, references
from documents import check_document, check_line

GENERATION = "0123456789ab"
INCARNATION = "20260101T000000000Z-abcdef"

CAPTURE = fastavro.parse_schema(
    {
        "type": "record",
        "name": "EventData",
        "namespace": "Microsoft.ServiceBus.Messaging",
        "fields": [
            {"name": "SequenceNumber", "type": "long"},
            {"name": "Offset", "type": "string"},
            {"name": "EnqueuedTimeUtc", "type": "string"},
            {
                "name": "SystemProperties",
                "type": {"type": "map", "values": ["long", "double", "string", "bytes"]},
            },
            {
                "name": "Properties",
                "type": {"type": "map", "values": ["long", "double", "string", "bytes", "null"]},
            },
            {"name": "Body", "type": ["null", "bytes"]},
        ],
    }
)

FLIGHT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["date", "delay", "distance", "origin", "destination"],
    "properties": {
        "date": {"type": "string", "x-parse": "yyyy/MM/dd HH:mm"},
        "delay": {"type": "integer"},
        "distance": {"type": "integer", "minimum": 0},
        "origin": {"type": "string", "pattern": "^[A-Z0-9]{3}$"},
        "destination": {"type": "string", "pattern": "^[A-Z0-9]{3}$"},
    },
    "additionalProperties": False,
}
AIRPORT = {
    "type": "object",
    "required": ["iata"],
    "properties": {
        **{name: {"type": "string"} for name in ("iata", "name", "city", "state", "country")},
        "latitude": {"type": "number"},
        "longitude": {"type": "number"},
    },
    "x-key": ["iata"],
}
CSV = {
    "kind": "csv",
    "delimiter": ",",
    "quote": '"',
    "encoding": "utf-8",
    "skipLines": 0,
    "decimal": ".",
}
SQL = Path(__file__).parents[2] / "pipelines/flights/gold"


def events(contract: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind": "hub",
        "input": "stream",
        "stream": "hub/flights",
        "hub": "flights",
        "consumerGroup": "assay",
        "contiguous": True,
        "contract": contract or FLIGHT,
        **more,
    }


def files(contract: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind": "landing",
        "input": "files",
        "folder": "airports",
        "trigger": "queue",
        "format": CSV,
        "onRedrop": "replace",
        "contract": contract or AIRPORT,
        **more,
    }


def gold(sql: str, key: list[str], name: str = "table", **more: Any) -> dict[str, Any]:
    try:
        reads = sorted({each.name for each in references(parse(sql)[0])})
    except ParseError:
        reads = []
    return {
        "file": f"gold/{name}.sql",
        "mode": "full",
        "key": key,
        "onUnusableKey": "refuse",
        "sql": sql,
        "reads": reads,
        **more,
    }


def flights_sources() -> dict[str, Any]:
    return {
        "flights": events(eventTime="date", lateAfterSeconds=172800),
        "airports": files(),
    }


def flights_gold() -> dict[str, Any]:
    tables = {"airport_delays": ["airport", "day"], "route_delays": ["origin", "destination"]}
    return {
        name: gold((SQL / f"{name}.sql").read_text(), key, name) for name, key in tables.items()
    }


class ALake:
    """A lake of one pipeline. `batch` writes everything that a run of `process_batch` reads."""

    def __init__(self, root: Path, pipeline: str, incarnation: str = INCARNATION) -> None:
        self.root = root
        self.pipeline = pipeline
        self.incarnation = incarnation
        self.number = 0
        self.definition = ""

    def define(
        self,
        sources: dict[str, Any],
        gold: dict[str, Any] | None = None,
        sinks: dict[str, list[str]] | None = None,
        kinds: dict[str, str] | None = None,
    ) -> str:
        """`sinks`: the tables of each; without it one that has them all. `kinds`: of those that are
        not Cosmos."""
        tables = list(gold or {})
        document: dict[str, Any] = {
            "version": 3,
            "pipeline": self.pipeline,
            "sources": sources,
            "gold": gold or {},
            "goldOrder": tables,
            "sinks": {
                name: {"kind": (kinds or {}).get(name, "cosmos"), "tables": own, "settings": {}}
                for name, own in (sinks or {"cosmos": tables}).items()
            },
            "batching": {
                "quietForSeconds": 3,
                "atMostSeconds": 60,
                "maxEvents": 1000,
                "maxFiles": 100,
            },
        }
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
        document["digest"] = self.definition = hashlib.sha256(canonical.encode()).hexdigest()
        self._write(f"_assay/definitions/{self.pipeline}/{self.definition}.json", document)
        return self.definition

    def slice(
        self,
        bodies: list[bytes | str | dict[str, Any] | None],
        first: int = 0,
        *,
        source: str = "flights",
        partition: str = "0",
        take: tuple[int, int] | None = None,
    ) -> dict[str, Any]:
        """One Avro file of consecutive events, of which the manifest may take a part."""
        last = first + len(bodies) - 1
        path = (
            f"bronze/events/{source}/{GENERATION}/{partition}/{first >> 20:08d}/"
            f"{first:020d}-{last:020d}.avro"
        )
        buffer = io.BytesIO()
        fastavro.writer(
            buffer, CAPTURE, [_event(first + at, each) for at, each in enumerate(bodies)]
        )
        self._bytes(path, buffer.getvalue())
        taken = take or (first, last)
        return {
            "source": source,
            "stream": f"hub/{source}",
            "generation": GENERATION,
            "partition": partition,
            "from": taken[0],
            "to": taken[1],
            "path": path,
        }

    def file(
        self,
        text: str | bytes,
        name: str = "airports.csv",
        *,
        source: str = "airports",
        id: str = "",
    ) -> dict[str, Any]:
        content = text.encode() if isinstance(text, str) else text
        id = id or hashlib.sha256(content + name.encode()).hexdigest()[:16]
        # As the app's claims name them.
        safe = re.sub(rb"[^A-Za-z0-9._/-]", lambda at: b"~%02X" % at[0][0], name.encode())
        path = f"bronze/files/{source}/{id}/{safe.decode()}"
        self._bytes(path, content)
        return {"source": source, "id": id, "path": path, "name": name, "bytes": len(content)}

    def batch(
        self,
        slices: list[dict[str, Any]] | None = None,
        files: list[dict[str, Any]] | None = None,
        kind: str = "regular",
        reloads: list[dict[str, str]] | None = None,
        gaps: list[dict[str, Any]] | None = None,
    ) -> int:
        self.number += 1
        self._write(
            f"{self.folder(self.number)}/manifest.json",
            {
                "version": 3,
                "pipeline": self.pipeline,
                "incarnation": self.incarnation,
                "batch": self.number,
                "kind": kind,
                "definition": self.definition,
                "createdAt": "2026-02-01T00:00:00.000Z",
                "slices": slices or [],
                "files": files or [],
                **({"gaps": gaps} if gaps else {}),
                "ends": {},
                "reloads": reloads or [],
                "requests": [],
            },
        )
        return self.number

    def repair(self, batch: int, definition: str) -> None:
        """As the watcher does when a blocked batch gets a new definition."""
        document = {"version": 3, "definition": definition, "firstAttempt": 2}
        self._write(f"{self.folder(batch)}/definition.json", document)

    def folder(self, batch: int) -> str:
        return f"_assay/pipelines/{self.pipeline}/batches/{batch:010d}"

    def read(self, path: str) -> Any:
        return json.loads((self.root / path).read_text())

    def skip(self, batch: int, *, without_rows: bool = False) -> None:
        """As the app does when an operator asks for it."""
        document = {
            "version": 3,
            "batch": batch,
            "skippedAt": "2026-01-01T00:00:00.000Z",
            "request": "20260101T000000000Z-abcdef",
            **({"withoutRows": True} if without_rows else {}),
            "sources": {},
        }
        self._write(f"{self.folder(batch)}/skipped.json", document)

    def changes(self, process: dict[str, Any], table: str) -> list[dict[str, Any]]:
        return self.lines(process["tables"][table]["changes"])

    def lines(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The lines of parts, their values read."""
        lines: list[dict[str, Any]] = []
        for part in parts:
            lines.extend(json.loads(line) for line in self.texts(part))
        return [
            {**line, "value": json.loads(line["value"])} if "value" in line else line
            for line in lines
        ]

    def texts(self, part: dict[str, Any]) -> list[str]:
        """Lines end with a line feed alone: a text may hold Unicode's other ends of lines."""
        text = (self.root / str(part["path"])).read_text()
        *own, end = text.split("\n")
        assert (len(own), end) == (part["rows"], "")
        for line in own:
            check_line(json.loads(line))
        return own

    def report(self, batch: int) -> dict[str, Any]:
        """Of the one process that has written its report."""
        [path] = (self.root / self.folder(batch)).glob("work/*/report.json")
        return dict(json.loads(path.read_text()))

    def _write(self, path: str, document: dict[str, Any]) -> None:
        check_document(path, document)
        self._bytes(path, json.dumps(document).encode())

    def _bytes(self, path: str, content: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _event(sequence: int, body: bytes | str | dict[str, Any] | None) -> dict[str, Any]:
    if isinstance(body, dict):
        body = json.dumps(body)
    return {
        "SequenceNumber": sequence,
        "Offset": str(sequence * 100),
        "EnqueuedTimeUtc": "1/1/2026 12:00:00 AM",
        "SystemProperties": {},
        "Properties": {},
        "Body": body.encode() if isinstance(body, str) else body,
    }


def flight(**changes: Any) -> dict[str, Any]:
    return {
        "date": "2001/01/01 00:47",
        "delay": 66,
        "distance": 1750,
        "origin": "DTW",
        "destination": "LAS",
        **changes,
    }
