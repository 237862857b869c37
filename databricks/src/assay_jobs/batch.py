"""What a batch is asked to do: its manifest and the compiled definition that the manifest names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from .errors import InputError
from .lake import JobLake, batch_folder, definition_path

DAY_SECONDS = 24 * 60 * 60
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Slice:
    """Events `first` to `last`, both included, of one Avro file."""

    source: str
    generation: str
    partition: str
    first: int
    last: int
    path: str


@dataclass(frozen=True)
class Gap:
    """Events that the batch accounts for without having them; `recovered`: it has them, and an
    earlier one accounts for them as one of the others."""

    source: str
    events: int
    reason: Literal["expired", "missing", "recovered"]


@dataclass(frozen=True)
class DroppedFile:
    source: str
    id: str
    path: str
    name: str
    bytes: int


@dataclass(frozen=True)
class Source:
    name: str
    input: Literal["stream", "files"]
    contract: dict[str, Any]
    contract_file: str | None
    contract_lines: dict[str, int]
    """Of its properties in that file."""
    contiguous: bool
    event_time: str | None
    late_after_seconds: int | None
    future_after_seconds: int
    split: Literal["array", "records"] | None
    """How a body holds several rows."""
    on_redrop: Literal["replace", "append", "reject"]
    on_repeated_key: Literal["first", "last"]
    """Which of several rows with one key stands."""
    format: dict[str, Any]
    """Of files: its kind, and its options."""


@dataclass(frozen=True)
class GoldTable:
    name: str
    file: str
    mode: str
    key: tuple[str, ...]
    on_unusable_key: Literal["refuse", "block"]
    """What becomes of a row whose key names no document."""
    sql: str
    reads: tuple[str, ...]
    """The tables that the SQL reads, as `silver.x` and `gold.y`."""


@dataclass(frozen=True)
class Sink:
    kind: str
    tables: tuple[str, ...]
    """The gold tables that it gets."""


@dataclass(frozen=True)
class Definition:
    digest: str
    sources: dict[str, Source]
    gold: tuple[GoldTable, ...]
    """In the order in which they read each other."""
    sinks: dict[str, Sink]


@dataclass(frozen=True)
class Reload:
    """A sink, or one table of it, that gets a snapshot because an operator asked."""

    sink: str
    table: str | None


@dataclass(frozen=True)
class Batch:
    pipeline: str
    incarnation: str
    number: int
    created_at: str
    definition: Definition
    slices: tuple[Slice, ...]
    gaps: tuple[Gap, ...]
    files: tuple[DroppedFile, ...]
    reloads: tuple[Reload, ...]

    @property
    def folder(self) -> str:
        return batch_folder(self.pipeline, self.number)

    def slices_of(self, source: str) -> list[Slice]:
        return [piece for piece in self.slices if piece.source == source]

    def gaps_of(self, source: str) -> dict[str, int]:
        """Events by reason."""
        events: dict[str, int] = {}
        for gap in self.gaps:
            if gap.source == source:
                events[gap.reason] = events.get(gap.reason, 0) + gap.events
        return events

    def files_of(self, source: str) -> list[DroppedFile]:
        return [file for file in self.files if file.source == source]


def read_batch(lake: JobLake, pipeline: str, number: int, *, is_as_planned: bool = False) -> Batch:
    """`is_as_planned`: by the definition of its manifest, which has all of its sources. Without, a
    repaired definition for an attempt after a failure stands before the manifest's own."""
    folder = batch_folder(pipeline, number)
    manifest = lake.read(f"{folder}/manifest.json")
    repaired = None if is_as_planned else lake.find(f"{folder}/definition.json")
    definition = read_definition(lake, pipeline, (repaired or manifest)["definition"])
    for piece in [*manifest["slices"], *manifest["files"], *manifest.get("gaps", [])]:
        if piece["source"] not in definition.sources:
            raise InputError(
                "SOURCE_NOT_FOUND",
                f"batch {number} brings input of {piece['source']}, which the definition lacks: "
                "keep the source until its last batch is done",
            )
    return Batch(
        pipeline=checked_name(manifest["pipeline"], "pipeline"),
        incarnation=manifest["incarnation"],
        number=manifest["batch"],
        created_at=manifest["createdAt"],
        definition=definition,
        slices=tuple(
            Slice(
                source=piece["source"],
                generation=piece["generation"],
                partition=piece["partition"],
                first=piece["from"],
                last=piece["to"],
                path=piece["path"],
            )
            for piece in manifest["slices"]
        ),
        gaps=tuple(
            Gap(source=gap["source"], events=gap["to"] - gap["from"] + 1, reason=gap["reason"])
            for gap in manifest.get("gaps", [])
        ),
        files=tuple(
            DroppedFile(
                source=file["source"],
                id=file["id"],
                path=file["path"],
                name=file["name"],
                bytes=file["bytes"],
            )
            for file in manifest["files"]
        ),
        reloads=tuple(Reload(each["sink"], each.get("table")) for each in manifest["reloads"]),
    )


def read_batch_sources(lake: JobLake, pipeline: str, number: int) -> list[str]:
    """The sources that a batch brought input of."""
    manifest = lake.read(f"{batch_folder(pipeline, number)}/manifest.json")
    names = {piece["source"] for piece in [*manifest["slices"], *manifest["files"]]}
    return sorted(checked_name(name, "source") for name in names)


def read_definition(lake: JobLake, pipeline: str, digest: str) -> Definition:
    return _definition(lake.read(definition_path(pipeline, digest)))


def _definition(document: dict[str, Any]) -> Definition:
    return Definition(
        digest=document["digest"],
        sources={
            checked_name(name, "source"): _source(name, source)
            for name, source in document["sources"].items()
        },
        gold=tuple(
            _gold(checked_name(name, "gold table"), document["gold"][name])
            for name in document["goldOrder"]
        ),
        sinks={
            name: Sink(sink["kind"], tuple(sink["tables"]))
            for name, sink in document["sinks"].items()
        },
    )


def _source(name: str, document: dict[str, Any]) -> Source:
    return Source(
        name=name,
        input=document["input"],
        contract=document["contract"],
        contract_file=document.get("contractFile"),
        contract_lines=document.get("contractLines", {}),
        contiguous=document.get("contiguous", True),
        event_time=document.get("eventTime"),
        late_after_seconds=document.get("lateAfterSeconds"),
        future_after_seconds=document.get("futureAfterSeconds", DAY_SECONDS),
        split=document.get("split"),
        on_redrop=document.get("onRedrop", "replace"),
        on_repeated_key=document.get("onRepeatedKey", "first"),
        format=document.get("format", {}),
    )


def _gold(name: str, document: dict[str, Any]) -> GoldTable:
    return GoldTable(
        name=name,
        file=document["file"],
        mode=document["mode"],
        key=tuple(document["key"]),
        on_unusable_key=document["onUnusableKey"],
        sql=document["sql"],
        reads=tuple(document["reads"]),
    )


def checked_name(name: str, what: str) -> str:
    if not NAME.match(name):
        raise InputError(
            "NAME",
            f'the {what} "{name}" must be lower case letters, digits and underscores, letter first',
        )
    return name
