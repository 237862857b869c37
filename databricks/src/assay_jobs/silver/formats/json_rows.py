"""The values of a JSON file as they stand in it, cut and not printed again: no digit changes. A
list is read element by element, so its length costs no memory."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import Contract

from .fault import MAX_CHARACTERS, FileFaultError
from .opening import opened_text
from .row import Row, raw_body

SPACE = " \t\r\n"
CHUNK = 1 << 20
NEAR_THE_END = 16
"""Characters: a literal or an escape that ends there may go on in the next chunk."""
# What may stand behind the digits of a number that goes on in the next chunk: `1.`, `1e`, `1e+`.
OPEN_NUMBER = re.compile(r"(?:\.|[eE][+-]?)?\Z")
# Numbers stay text: they are of no use here. Characters that a string may not hold are judged
# later, row by row.
DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


def read_json_file(
    path: Path, file: DroppedFile, contract: Contract, options: dict[str, Any]
) -> Iterator[Row]:
    with opened_text(path, file.name, "utf-8") as stream:
        yield from read_json(stream)


def read_json(stream: BinaryIO) -> Iterator[Row]:
    """The elements of a list, or one object."""
    text = _Text(stream)
    first = text.peek()
    if first == "{":
        yield text.value()
    elif first == "[":
        text.position += 1
        yield from _elements(text)
    else:
        raise FileFaultError(
            "it does not begin like JSON, with '[' or '{'",
            "Write a list of objects, or the format that it has",
        )
    if text.peek():
        raise FileFaultError("it has more than one value", "Write format: ndjson, or one list")


def _row(raw: str) -> Row:
    return Row(*raw_body(raw))


def _elements(text: _Text) -> Iterator[Row]:
    if text.peek() == "]":
        text.position += 1
        return
    while True:
        yield text.value()
        mark = text.peek()
        if not mark:
            raise cut_off()
        if mark not in ("]", ","):
            raise text.fault("a comma or the end of the list is missing")
        text.position += 1
        if mark == "]":
            return


def cut_off() -> FileFaultError:
    return FileFaultError("it ends too early", "Drop the whole file")


def _too_long() -> FileFaultError:
    return FileFaultError(f"a value is longer than {MAX_CHARACTERS} characters, or not closed")


class _Text:
    """A window of the file that moves on with what is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self.file = io.TextIOWrapper(stream, "utf-8", "surrogateescape", newline="")
        self.window = self.file.read(CHUNK).removeprefix("\ufeff")
        self.position = 0
        self.passed = 0
        """Characters before the window."""
        self.has_ended = False

    def peek(self) -> str:
        """The next character that is no space, without passing it; empty at the end."""
        while True:
            while self.position < len(self.window):
                if self.window[self.position] not in SPACE:
                    return self.window[self.position]
                self.position += 1
            if not self._more():
                return ""

    def value(self) -> Row:
        if not self.peek():
            raise cut_off()
        while True:
            try:
                _, end = DECODER.raw_decode(self.window, self.position)
            except json.JSONDecodeError as error:
                is_open = error.msg.startswith("Unterminated")
                may_go_on = is_open or error.pos >= len(self.window) - NEAR_THE_END
                is_cut_off = is_open or error.pos == len(self.window)
                fault = cut_off() if is_cut_off else self.fault(error.msg, error.pos)
                if not may_go_on or not self._more():
                    raise fault from error
            except RecursionError as error:
                raise self.fault("it is nested too deeply") from error
            else:
                # A number at the end of the window may go on.
                if not OPEN_NUMBER.match(self.window, end) or not self._more():
                    if end - self.position > MAX_CHARACTERS:
                        raise _too_long()
                    raw = self.window[self.position : end]
                    self.position = end
                    return _row(raw)

    def fault(self, found: str, at: int | None = None) -> FileFaultError:
        place = self.passed + (self.position if at is None else at) + 1
        return FileFaultError(f"it is not JSON at character {place}: {found}", "Mend it")

    def _more(self) -> bool:
        """Twice as much each time, so that a long value is not read over and over."""
        if self.has_ended:
            return False
        self.window = self.window[self.position :]
        self.passed += self.position
        self.position = 0
        if len(self.window) > MAX_CHARACTERS:
            raise _too_long()
        added = self.file.read(max(CHUNK, len(self.window)))
        self.has_ended = not added
        self.window += added
        return bool(added)
