"""What came before a batch: the last one that was processed, and those skipped in between."""

from __future__ import annotations

from dataclasses import dataclass, field

from .batch import Sink
from .lake import Document, JobLake, batch_folder, definition_path


@dataclass(frozen=True)
class Previous:
    number: int
    """Of the last batch that was processed; 0 where there is none."""
    newest: dict[str, str]
    """The newest event time of each source."""
    definition: str | None = None
    """The digest of the definition that it was processed with."""
    tables: dict[str, Document] = field(default_factory=dict)
    sinks: dict[str, Sink] = field(default_factory=dict)
    """What it delivered, with the kinds that they had then."""
    skipped: tuple[int, ...] = ()
    """Skipped batches that do not count: without an account in silver, or skipped without the rows
    of theirs. What they left behind goes."""
    accounted: tuple[int, ...] = ()
    """Skipped batches that count, in their order: their rows belong into silver."""

    @property
    def is_none(self) -> bool:
        """Nothing came before: it is the first batch."""
        return self.number == 0 and not self.skipped and not self.accounted

    def has_tables_of(self, definition: str) -> bool:
        """The tables of silver that are there have what this definition asks for: none that came
        between may have changed them."""
        return self.definition == definition and not self.skipped and not self.accounted

    def key_of(self, table: str) -> tuple[str, ...] | None:
        return tuple(self.tables[table]["key"]) if table in self.tables else None

    def delivers(self, sink: str, kind: str, table: str) -> bool:
        """A sink of another kind has another store, which holds nothing yet."""
        before = self.sinks.get(sink)
        return before is not None and before.kind == kind and table in before.tables


def read_previous(lake: JobLake, pipeline: str, batch: int) -> Previous:
    """Reads two documents, and up to three more for each batch that was skipped right before."""
    skipped: list[int] = []
    accounted: list[int] = []
    newest: dict[str, str] = {}
    for number in range(batch - 1, 0, -1):
        folder = batch_folder(pipeline, number)
        process = lake.find(f"{folder}/process.json")
        if process is not None:
            return Previous(
                number=number,
                newest=process["newestEventAt"] | newest,
                definition=process["definition"],
                tables=process["tables"],
                sinks=_sinks(lake, pipeline, process),
                skipped=tuple(skipped),
                accounted=tuple(accounted[::-1]),
            )
        silver = lake.find(f"{folder}/silver.json")
        skip = lake.find(f"{folder}/skipped.json") or {}
        if silver is None or skip.get("withoutRows", False):
            skipped.append(number)
        else:
            accounted.append(number)
            # Its rows count, so what follows is measured against them too.
            newest = newest_of(silver["sources"]) | newest
    return Previous(0, newest, skipped=tuple(skipped), accounted=tuple(accounted[::-1]))


def _sinks(lake: JobLake, pipeline: str, process: Document) -> dict[str, Sink]:
    definition = lake.read(definition_path(pipeline, process["definition"]))
    return {
        name: Sink(definition["sinks"][name]["kind"], tuple(sink["tables"]))
        for name, sink in process["sinks"].items()
    }


def newest_of(accounts: Document) -> dict[str, str]:
    return {name: each["newestEventAt"] for name, each in accounts.items() if each["newestEventAt"]}
