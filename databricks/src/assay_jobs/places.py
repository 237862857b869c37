"""The file and line of a mistake that Spark, or the data, tell without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlglot.errors import SqlglotError

from .author_sql import line_of, line_of_column, parse
from .batch import Definition, Source
from .errors import InputError

# As Spark's messages write the names of columns and expressions.
NAMES = re.compile(r"`[^`]+`(?:\.`[^`]+`)*|\"[^\"]+\"")


def place(error: InputError, definition: Definition) -> None:
    """Every mistake in a gold table's SQL has a line: that of what the message names, else that of
    the table's key, else that of its SELECT."""
    for table in definition.gold:
        if table.file == error.file and error.line is None:
            error.line = _line(table.sql, error.message, table.key)


@contextmanager
def in_contract(source: Source) -> Iterator[None]:
    """A mistake in a source's contract has its file, and the line of the property that it is about
    (`contract of flights, delay: …`), or its first."""
    try:
        yield
    except InputError as error:
        if error.file is None and source.contract_file is not None:
            named = [each for each in source.contract_lines if f", {each}: " in error.message]
            error.file = source.contract_file
            error.line = source.contract_lines[max(named, key=len)] if named else 1
        raise


def _line(sql: str, message: str, key: Sequence[str]) -> int:
    for name in NAMES.findall(message):
        word = re.split(r"[.`\"]+", name.strip('`"'))[-1]
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sql)
        if found is not None:
            return sql.count("\n", 0, found.start()) + 1
    try:
        lines = [line_of_column(sql, each) for each in key if each in message]
        known = [line for line in lines if line is not None]
        return known[0] if known else line_of(parse(sql)[0])
    except (SqlglotError, IndexError):
        return 1
