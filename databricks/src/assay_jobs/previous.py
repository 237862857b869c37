"""What came before a batch: the last one that was processed, and those skipped in between."""

from __future__ import annotations

from dataclasses import dataclass, field

from .lake import Document, JobLake, batch_folder


@dataclass(frozen=True)
class Previous:
    number: int
    """Of the last batch that was processed; 0 where there is none."""
    newest: dict[str, str]
    """The newest event time of each source."""
    tables: dict[str, Document] = field(default_factory=dict)
    sinks: dict[str, Document] = field(default_factory=dict)
    skipped: tuple[int, ...] = ()
    """Skipped batches whose silver step was not done: what they left behind does not count."""

    def key_of(self, table: str) -> tuple[str, ...] | None:
        return tuple(self.tables[table]["key"]) if table in self.tables else None

    def delivers(self, sink: str, table: str) -> bool:
        return table in self.sinks.get(sink, {"tables": {}})["tables"]


def read_previous(lake: JobLake, pipeline: str, batch: int) -> Previous:
    """Reads one document, and one or two more for each batch that was skipped right before."""
    skipped: list[int] = []
    newest: dict[str, str] = {}
    for number in range(batch - 1, 0, -1):
        folder = batch_folder(pipeline, number)
        process = lake.find(f"{folder}/process.json")
        if process is not None:
            return Previous(
                number=number,
                newest=process["newestEventAt"] | newest,
                tables=process["tables"],
                sinks=process["sinks"],
                skipped=tuple(skipped),
            )
        silver = lake.find(f"{folder}/silver.json")
        if silver is None:
            skipped.append(number)
        else:
            # Its rows are in silver, so what follows is measured against them too.
            newest = newest_of(silver["sources"]) | newest
    return Previous(number=0, newest=newest, skipped=tuple(skipped))


def newest_of(accounts: Document) -> dict[str, str]:
    return {name: each["newestEventAt"] for name, each in accounts.items() if each["newestEventAt"]}
