"""Records of a CSV file, their fields by property. Quoting is judged, never guessed; lines may end
in either way, row by row. A record costs a few microseconds of one core."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import Contract, Property

from .fault import MAX_CHARACTERS, FileFaultError
from .header import Header, begins_otherwise, fault_of, missing, read_header, written_otherwise
from .opening import opened_text
from .row import Row, raw_body

# Of the module csv, for all readers.
csv.field_size_limit(MAX_CHARACTERS)
SEPARATOR_LINE = re.compile(r'"?sep=([^\r\n]?)"?\s*')
# To and from the numbers of other languages: both marks change places.
SWAPPED = str.maketrans(",.", ".,")
LINES_BELOW = 20
"""So many are searched for the header, where the first is none."""


@dataclass(frozen=True)
class CsvOptions:
    delimiter: str
    quote: str | None
    encoding: str
    columns: tuple[str, ...] | None
    """Where the file has no header."""
    skip_lines: int
    decimal: str


def read_options(document: dict[str, Any]) -> CsvOptions:
    columns = document.get("columns")
    return CsvOptions(
        delimiter=document["delimiter"],
        quote=document.get("quote"),
        encoding=document["encoding"],
        columns=None if columns is None else tuple(columns),
        skip_lines=document["skipLines"],
        decimal=document["decimal"],
    )


def read_csv_file(
    path: Path, file: DroppedFile, contract: Contract, options: dict[str, Any]
) -> Iterator[Row]:
    with opened_text(path, file.name, options["encoding"]) as stream:
        yield from read_csv(stream, contract, read_options(options))


def read_csv(stream: BinaryIO, contract: Contract, options: CsvOptions) -> Iterator[Row]:
    records = _Records(stream, options)
    if options.columns is None:
        first = records.header(contract.properties)
        raw, cells, place = first.raw, first.fields or [], f"its header in line {first.line}"
    else:
        raw, cells, place = "", list(options.columns), "its declared header"
    header = read_header(cells, contract.properties)
    lacking = missing(header, contract.properties)
    if lacking:
        below = ((record.line, record.fields or []) for record in records.read(LINES_BELOW))
        place = f"{place}, of {header.width} columns,"
        otherwise = records.otherwise(raw, contract.properties)
        raise fault_of(place, lacking, contract.properties, otherwise, below)
    for record in records.read():
        yield _row(record, header, contract, options)


class _Record(NamedTuple):
    raw: str
    """Without the end of its last line."""
    fields: list[str] | None
    """None where its quoting is malformed."""
    line: int
    """Where it begins."""


class _Records:
    def __init__(self, stream: BinaryIO, options: CsvOptions) -> None:
        # What is not of an encoding that contains ASCII is kept, and judged row by row.
        errors = "strict" if options.encoding.startswith("utf-16") else "surrogateescape"
        # Ends of lines are left as they are: within quotes they belong to the value.
        self.text = io.TextIOWrapper(stream, options.encoding, errors, newline="")
        self.options = options
        self.delimiter = options.delimiter
        self.lines_read = 0
        self.pending: list[str] = []
        """The lines of the record that is read."""
        self.pending_characters = 0
        self.ahead: list[str] = []
        for _ in range(options.skip_lines):
            self._line()

    def header(self, properties: Sequence[Property]) -> _Record:
        """The first record, which has fields."""
        first = self._line()
        hint = SEPARATOR_LINE.fullmatch(first)
        if hint is not None:
            self.delimiter = self._hinted(hint[1])
        else:
            self.ahead.append(first)
        for record in self.read(1):
            if record.fields is None:
                raise self.otherwise(record.raw, properties) or FileFaultError(
                    f"the quoting of its header in line {record.line} is malformed",
                    "Put quotes around whole names, or write quote: none",
                )
            if raw_body(record.raw)[0] is None:
                raise FileFaultError(
                    f"its header is not {self.options.encoding}", "Write the encoding that it has"
                )
            return record
        raise FileFaultError("it has no header", "Write one, or its names in header")

    def otherwise(self, raw: str, properties: Sequence[Property]) -> FileFaultError | None:
        return written_otherwise(raw, properties, self.delimiter, self.options.quote)

    def _hinted(self, character: str) -> str:
        if character in ("", '"', self.options.quote):
            raise FileFaultError(
                "its line sep= names no delimiter",
                "Write a character other than a quote behind it, such as sep=;",
            )
        return character

    def read(self, at_most: int | None = None) -> Iterator[_Record]:
        """Empty lines are no records."""
        quote = self.options.quote
        reader = csv.reader(
            self._lines(),
            delimiter=self.delimiter,
            quotechar=quote or '"',
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            strict=True,
        )
        count = 0
        while at_most is None or count < at_most:
            self.pending.clear()
            self.pending_characters = 0
            first_line = self.lines_read + 1 - len(self.ahead)
            fields: list[str] | None = None
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._judge(error, first_line)
            raw = "".join(self.pending).rstrip("\r\n")
            if len(raw) > MAX_CHARACTERS:
                raise _too_long(first_line)
            if fields == []:
                continue
            count += 1
            if quote and quote in raw and not _is_well_quoted(raw, self.delimiter, quote):
                fields = None
            yield _Record(raw, fields, first_line)

    def _judge(self, error: csv.Error, first_line: int) -> None:
        """What leaves a record malformed may go on; where no end is found, there are no rows."""
        message = str(error)
        if "unexpected end" in message:
            raise FileFaultError(
                f"a quote that opens in the record of line {first_line} is not closed",
                "Close it, or write quote: none",
            ) from error
        if "field limit" in message:
            raise FileFaultError(
                f"a field of the record of line {first_line} does not end within "
                f"{MAX_CHARACTERS} characters",
                "Close its quote, or write quote: none",
            ) from error

    def _lines(self) -> Iterator[str]:
        while line := (self.ahead.pop() if self.ahead else self._line()):
            self.pending.append(line)
            self.pending_characters += len(line)
            # Each of its fields may be short and have a line break. One field without an end is
            # told by the module csv, at half of this.
            if self.pending_characters > 2 * MAX_CHARACTERS:
                raise _too_long(self.lines_read + 1 - len(self.pending))
            yield line

    def _line(self) -> str:
        try:
            line = self.text.readline(MAX_CHARACTERS + 1)
        except UnicodeError as error:
            raise FileFaultError(
                f"it is not {self.options.encoding}", "Write the encoding that it has"
            ) from error
        if len(line) > MAX_CHARACTERS:
            raise begins_otherwise(line) or FileFaultError(
                f"line {self.lines_read + 1} is longer than {MAX_CHARACTERS} characters",
                "Break it into records",
            )
        if self.lines_read == 0:
            line = line.removeprefix("\ufeff")
        self.lines_read += 1
        return line


def _too_long(first_line: int) -> FileFaultError:
    return FileFaultError(
        f"the record of line {first_line} is longer than {MAX_CHARACTERS} characters",
        "Close its quotes, or write quote: none",
    )


def _is_well_quoted(raw: str, delimiter: str, quote: str) -> bool:
    """Quotes stand around whole fields, doubled within them. What lies outside of quotes is every
    second part: nothing between two of a doubled quote, else it begins and ends a field."""
    outside = raw.split(quote)
    if len(outside) % 2 == 0:
        return False
    outside = outside[::2]
    return all(
        not part
        or (
            (at == 0 or part.startswith(delimiter))
            and (at == len(outside) - 1 or part.endswith(delimiter))
        )
        for at, part in enumerate(outside)
    )


def _row(record: _Record, header: Header, contract: Contract, options: CsvOptions) -> Row:
    body, base64 = raw_body(record.raw)
    fields = record.fields
    if fields is None:
        return Row(body, base64, {}, "row: malformed quoting")
    texts = {}
    for index, each, column in header.places:
        text = fields[column] if column < len(fields) else ""
        if each.type != "string":
            text = text.strip()
            if options.decimal != "." and each.type != "boolean":
                # A mark of thousands is left to be refused: it must not pass for the decimal mark.
                text = text.translate(SWAPPED)
        if text:
            texts[index] = text
    return Row(body, base64, texts, _problem(fields, header, contract, body, options))


def _problem(
    fields: list[str], header: Header, contract: Contract, body: str | None, options: CsvOptions
) -> str | None:
    if body is None:
        return f"row: not {options.encoding.upper()}"
    if len(fields) < header.width or any(fields[header.width :]):
        return f"row: not {header.width} fields"
    if any(fields[column] for column in header.unnamed if column < len(fields)):
        return "row: a value in a column without a name"
    if contract.closed and any(fields[column] for column in header.unknown):
        return "row: additionalProperties"
    return None
