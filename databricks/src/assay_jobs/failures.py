"""From an exception to one sentence, and to the author's file and line where it is hers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.errors import PySparkException
from sqlglot.errors import ParseError, TokenError

from .errors import InputError
from .spark_errors import AUTHORS_CLASSES, is_of, sentence

POSITION = re.compile(r"\bline (\d+),? pos(?:ition)? \d+")


@contextmanager
def blaming(
    file: str | None,
    sql: str | None = None,
    *,
    what: str | None = None,
    classes: tuple[str, ...] = AUTHORS_CLASSES,
    allowing: tuple[str, ...] | None = None,
) -> Iterator[None]:
    """Spark's error over what an author wrote becomes a mistake in her file.

    `sql`: her SELECT. It was rewritten without moving a line, so Spark's line is hers. `what`:
    stands before the message where the file is not known. `allowing`: beginnings of conditions that
    are hers here, and the platform's elsewhere.
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
        tells_of_names = allowing is not None and (error.getCondition() or "").startswith(allowing)
        if not (is_of(error, classes) or tells_of_names):
            raise
        raise InputError(
            error.getCondition() or "SQL_ERROR",
            f"{what}: {sentence(error)}" if what else sentence(error),
            file=file,
            line=_line(error, sql) if sql else None,
        ) from error


def _line(error: PySparkException, sql: str) -> int | None:
    found = POSITION.search(str(error))
    if found is None:
        return None
    return min(int(found.group(1)), sql.count("\n") + 1)


def failure_document(attempt: int, step: str, error: InputError) -> dict[str, Any]:
    document = {
        "version": 3,
        "attempt": attempt,
        "step": step,
        "condition": error.condition,
        "message": error.message,
        "file": error.file,
        "line": error.line,
    }
    return {name: value for name, value in document.items() if value is not None}
