"""Whose fault an error is decides what becomes of the batch."""

from __future__ import annotations


class InputError(Exception):
    """The user's own files are wrong: repeating the attempt cannot help."""

    def __init__(
        self,
        condition: str,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message)
        self.condition = condition
        self.message = message
        self.file = file
        self.line = line

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class UnbalancedBooksError(Exception):
    """What lies in a table is not what the manifest promised: nothing may be built on it."""
