"""Which column of a CSV file has which property, by the header. One that does not fit is told once,
with what would make it fit."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assay_jobs.contract import Property

from .fault import FileFaultError

DELIMITERS = {",": "','", ";": "';'", "\t": "tab", "|": "'|'"}


@dataclass(frozen=True)
class Header:
    width: int
    """Columns up to the last that has a name."""
    places: tuple[tuple[int, Property, int], ...]
    """Of each property that is there: its index, itself, its column."""
    unknown: tuple[int, ...]
    """Columns of other names."""
    unnamed: tuple[int, ...]


def read_header(cells: Sequence[str], properties: Sequence[Property]) -> Header:
    """It costs one look at each cell: a line without an end may have a million."""
    names = [cell.strip() for cell in cells]
    columns = _Columns(names, properties)
    places: list[tuple[int, Property, int]] = []
    for index, each in enumerate(properties):
        found = columns.of(each.name)
        if len(found) > 1:
            raise FileFaultError(
                f"the header has the column {each.name} twice", "Write each name once"
            )
        places.extend((index, each, column) for column in found)
    taken = {column for _, _, column in places}
    named = [column for column, name in enumerate(names) if name]
    return Header(
        max(named, default=-1) + 1,
        tuple(places),
        tuple(column for column in named if column not in taken),
        tuple(column for column, name in enumerate(names) if not name),
    )


def missing(header: Header, properties: Sequence[Property]) -> list[str]:
    """Required properties without a column; all of them where no column is known."""
    there = {each.name for _, each, _ in header.places}
    if not there:
        return [each.name for each in properties]
    return [each.name for each in properties if each.required and each.name not in there]


def fault_of(
    place: str,
    lacking: Sequence[str],
    properties: Sequence[Property],
    otherwise: FileFaultError | None,
    below: Iterable[tuple[int, Sequence[str]]],
) -> FileFaultError:
    """`otherwise`: what makes sense of the first record, which is not shown: a file without a
    header has a row there. `below`: what stands below it, each with its line."""
    if otherwise is not None:
        return otherwise
    for line, record in below:
        if not _lacks(record, properties):
            return FileFaultError(
                f"its header stands in line {line}", f"Write skip_lines: {line - 1}"
            )
    return FileFaultError(
        f"{place} lacks {', '.join(lacking[:10])}",
        "Write the names of the contract's properties, or the options of the file: delimiter, "
        "skip_lines, encoding, or the names in header",
    )


def written_otherwise(
    raw: str, properties: Sequence[Property], delimiter: str, quote: str | None
) -> FileFaultError | None:
    """What makes sense of a first record that is no header as it is declared: with this delimiter
    and quote."""
    otherwise = begins_otherwise(raw)
    if otherwise is not None:
        return otherwise
    for other, name in DELIMITERS.items():
        if other == delimiter and quote == '"':
            continue
        try:
            cells = next(csv.reader(io.StringIO(raw, newline=""), delimiter=other), [])
        except csv.Error:
            continue
        if _lacks(cells, properties):
            continue
        if other == delimiter:
            return FileFaultError("the names of its header are in quotes", "Write quote: '\"'")
        return FileFaultError(
            f"the columns of its header are separated by {name}", f"Write delimiter: {name}"
        )
    return None


def begins_otherwise(text: str) -> FileFaultError | None:
    """Of a text that is no header of a CSV file: what its beginning looks like."""
    first = text.strip()
    if first.startswith("<"):
        return FileFaultError("it begins like XML or HTML", "Drop it as CSV")
    if first.startswith(("{", "[")):
        return FileFaultError("it begins like JSON", "Write format: json, or ndjson")
    return None


def _lacks(cells: Sequence[str], properties: Sequence[Property]) -> bool:
    try:
        return bool(missing(read_header(cells, properties), properties))
    except FileFaultError:
        return True


class _Columns:
    """By name: those called like a property; else those in other letter case, which no other
    property is called."""

    def __init__(self, names: Sequence[str], properties: Sequence[Property]) -> None:
        own = {each.name for each in properties}
        folded = Counter(each.name.casefold() for each in properties)
        self._exact: dict[str, list[int]] = {name: [] for name in own}
        self._alike: dict[str, list[int]] = {
            name: [] for name, times in folded.items() if times == 1
        }
        for column, name in enumerate(names):
            found = self._exact.get(name)
            if found is None:
                found = self._alike.get(name.casefold())
            if found is not None:
                found.append(column)

    def of(self, name: str) -> list[int]:
        return self._exact[name] or self._alike.get(name.casefold(), [])
