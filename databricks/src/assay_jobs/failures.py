"""From an exception to one sentence, and to the author's file and line where it is hers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.errors import PySparkException
from sqlglot.errors import ParseError, TokenError

from .errors import InputError

# Classes of SQLSTATE. Values: data exception. An author's SELECT is to blame for more: cardinality,
# syntax or access rule, not supported, limit exceeded.
VALUES_CLASSES = ("22",)
AUTHORS_CLASSES = (*VALUES_CLASSES, "21", "42", "0A", "54")
# Insufficient privilege, in the same class: a grant that the job lacks is not in her file.
NOT_THE_AUTHORS = "42501"
POSITION = re.compile(r"\bline (\d+),? pos(?:ition)? \d+")


@contextmanager
def blaming(
    file: str | None,
    sql: str | None = None,
    *,
    what: str | None = None,
    classes: tuple[str, ...] = AUTHORS_CLASSES,
) -> Iterator[None]:
    """Spark's error over what an author wrote becomes a mistake in her file.

    `sql`: her SELECT. It was rewritten without moving a line, so Spark's line is hers. `what`:
    stands before the message where the file is not known.
    """
    try:
        yield
    except (ParseError, TokenError) as error:
        places = error.errors if isinstance(error, ParseError) else []
        raise InputError(
            "PARSE_SYNTAX_ERROR",
            str(places[0]["description"]) if places else "a quote or a comment is not closed",
            file=file,
            line=places[0]["line"] if places else None,
        ) from error
    except PySparkException as error:
        state = error.getSqlState() or ""
        if state == NOT_THE_AUTHORS or not state.startswith(classes):
            raise
        raise InputError(
            error.getCondition() or "SQL_ERROR",
            f"{what}: {sentence(error)}" if what else sentence(error),
            file=file,
            line=_line(error, sql) if sql else None,
        ) from error


def sentence(error: BaseException) -> str:
    """The first paragraph of Spark's message: no query text, no plan, no stack."""
    text = str(error)
    if isinstance(error, PySparkException):
        text = error.getMessage() or text
    # The condition and the state have fields of their own.
    text = re.sub(r"^\s*\[[A-Z0-9_.]+\]\s*", "", text).split(" SQLSTATE: ")[0]
    kept = []
    for line in text.strip().splitlines():
        if not line.strip() or line.startswith(("==", "'", "JVM stacktrace", "\tat ", "+-", ":- ")):
            break
        kept.append(line.strip())
    return " ".join(kept)[:1000] or type(error).__name__


def _line(error: PySparkException, sql: str) -> int | None:
    found = POSITION.search(str(error))
    if found is None:
        return None
    return min(int(found.group(1)), sql.count("\n") + 1)


def failure_document(attempt: int, step: str, error: InputError) -> dict[str, Any]:
    document = {
        "version": 2,
        "attempt": attempt,
        "step": step,
        "condition": error.condition,
        "message": error.message,
        "file": error.file,
        "line": error.line,
    }
    return {name: value for name, value in document.items() if value is not None}
