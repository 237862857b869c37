"""Whose fault an error of Spark is, and what of it is told."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from assay_jobs.errors import InputError
from assay_jobs.failures import blaming, failure_document
from assay_jobs.request import Request
from assay_jobs.runner import run
from assay_jobs.spark_errors import VALUES_CLASSES, sentence
from assay_jobs.warehouse import Warehouse
from lakes import ALake, events, files
from stand_in.delta import Store
from stand_in.files import Reader
from stand_in.session import Session


class SparkError(PySparkException):
    """As Spark Connect raises them: a condition, a state, parameters."""

    def __init__(
        self,
        state: str,
        condition: str = "SOME_CONDITION",
        message: str = "Something is wrong.",
        parameters: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.text = f"[{condition}] {message} SQLSTATE: {state}"
        self.state = state
        self.condition = condition
        self.parameters = parameters or {}

    def __str__(self) -> str:
        return self.text

    def getSqlState(self) -> str:  # noqa: N802
        return self.state

    def getCondition(self) -> str:  # noqa: N802
        return self.condition

    def getMessage(self) -> str:  # noqa: N802
        return self.text

    def getMessageParameters(self) -> dict[str, str]:  # noqa: N802
        return self.parameters


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        ("22012", "DIVIDE_BY_ZERO"),
        ("42703", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
        ("42P01", "TABLE_OR_VIEW_NOT_FOUND"),
        ("21000", "SCALAR_SUBQUERY_TOO_MANY_ROWS"),
        ("0A000", "UNSUPPORTED_FEATURE.LATERAL_JOIN_USING"),
        ("54000", "COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION"),
        ("22023", "INVALID_PARAMETER_VALUE.PATTERN"),
    ],
)
def test_what_the_author_wrote_is_her_mistake(state: str, condition: str) -> None:
    with pytest.raises(InputError) as error, blaming("gold/a.sql"):
        raise SparkError(state, condition)
    assert (error.value.condition, error.value.file) == (condition, "gold/a.sql")
    assert error.value.message == "Something is wrong."


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        ("42501", "INSUFFICIENT_PERMISSIONS"),
        ("42501", "ANYTHING"),
        ("0A000", "NOT_SUPPORTED_WITH_SERVERLESS"),
        ("0A000", "UC_COMMAND_NOT_SUPPORTED.WITH_RECOMMENDATION"),
        ("22023", "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP"),
        ("22023", "INVALID_PARAMETER_VALUE.MISSING_CREDENTIALS"),
        ("42P08", "CATALOG_NOT_FOUND"),
        ("42704", "SCHEMA_NOT_FOUND"),
        ("42K03", "PATH_NOT_FOUND"),
        ("42K03", "DELTA_FILE_NOT_FOUND"),
        ("XX000", "INTERNAL_ERROR"),
        ("58030", "ANYTHING"),
        ("", ""),
    ],
)
def test_what_the_platform_lacks_is_not_her_mistake(state: str, condition: str) -> None:
    with pytest.raises(SparkError), blaming("gold/a.sql"):
        raise SparkError(state, condition)
    with pytest.raises(SparkError), blaming(None, what="contract", classes=VALUES_CLASSES):
        raise SparkError(state, condition)


def test_names_that_delta_refuses_are_hers_where_her_columns_are_tried() -> None:
    error = SparkError("42K05", "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES")
    with pytest.raises(InputError), blaming("gold/a.sql", allowing=("DELTA_",)):
        raise error
    with pytest.raises(SparkError), blaming("gold/a.sql"):
        raise error


@pytest.mark.parametrize(
    ("message", "parameters", "told"),
    [
        (
            'The value \'Anna\' of the type "STRING" cannot be cast to "INT".',
            {"expression": "'Anna'", "sourceType": '"STRING"', "targetType": '"INT"'},
            'The value … of the type "STRING" cannot be cast to "INT".',
        ),
        (
            "Text '4711-0815' could not be parsed. Use `try_to_timestamp`.",
            {"message": "Text '4711-0815' could not be parsed", "func": "`try_to_timestamp`"},
            "…. Use `try_to_timestamp`.",
        ),
        # Where the parameters did not come along, nothing that looks like a value is told.
        ("The value 'Anna' is \"Bob\" in 4711 rows.", {}, "The value … is … in … rows."),
    ],
)
def test_no_cell_of_a_row_is_told(message: str, parameters: dict[str, str], told: str) -> None:
    assert sentence(SparkError("22018", "CAST_INVALID_INPUT", message, parameters)) == told
    failed = SparkError("", "A", f"Job aborted due to stage failure: {message}", {})
    assert "Anna" not in sentence(failed) and "4711" not in sentence(failed)


def test_names_are_told() -> None:
    error = SparkError("42703", "UNRESOLVED_COLUMN", "No column `dely`.", {"objectName": "`dely`"})
    assert sentence(error) == "No column `dely`."


PARAGRAPH = "Something is wrong"


@pytest.mark.parametrize(
    "rest",
    ["", "== SQL ==", "'Project [a]", "JVM stacktrace:", "\tat org.apache", "+- Relation", ":- x"],
)
def test_a_sentence_ends_before_the_query_the_plan_and_the_stack(rest: str) -> None:
    error = SparkError("42703", message=f"{PARAGRAPH}\n  twice.\n{rest}\nSELECT secret")
    assert sentence(error) == f"{PARAGRAPH} twice."


def test_a_sentence_has_a_thousand_letters_at_most() -> None:
    assert sentence(ValueError("x" * 1000)) == "x" * 1000
    assert sentence(ValueError("x" * 1001)) == "x" * 1000


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert sentence(KeyError()) == "KeyError"
    assert sentence(ValueError("== SQL ==\nSELECT 1")) == "ValueError"


def test_the_longest_cell_is_hidden_first() -> None:
    parameters = {"value": "12", "other": "123", "sourceType": "STRING"}
    error = SparkError("22018", message="123 is no STRING, nor is 12.", parameters=parameters)
    assert sentence(error) == "… is no STRING, nor is …."


def test_a_cell_that_ends_like_another_is_hidden_as_a_whole() -> None:
    parameters = {"value": "b", "other": "ab", "empty": ""}
    error = SparkError("22018", message="ab is no STRING, nor is b.", parameters=parameters)
    assert sentence(error) == "… is no STRING, nor is …."


def test_the_message_is_told_and_not_what_the_error_prints() -> None:
    error = SparkError("42703", message="Printed.")
    error.getMessage = lambda: "Told."  # type: ignore[method-assign]
    assert sentence(error) == "Told."
    error.getMessage = lambda: ""  # type: ignore[method-assign]
    assert sentence(error) == "Printed."


def test_a_failed_task_without_a_state_hides_its_cells() -> None:
    error = SparkError("", message="Job aborted due to stage failure: 'secret' at 42.")
    assert "secret" not in sentence(error)
    assert "42" not in sentence(error)


def test_an_error_without_state_and_condition_is_the_platforms() -> None:
    error = SparkError("")
    error.condition = ""
    with pytest.raises(SparkError), blaming("gold/a.sql"):
        raise error


@pytest.mark.parametrize(("line", "told"), [(1, 1), (3, 3), (9, 3)])
def test_a_line_of_sparks_is_a_line_of_her_file(line: int, told: int) -> None:
    with pytest.raises(InputError) as error, blaming("gold/a.sql", "SELECT\n1\n+"):
        raise SparkError("42601", message=f"Syntax error (line {line}, pos 7)")
    assert error.value.line == told


def test_without_a_position_or_her_text_there_is_no_line() -> None:
    for sql, message in (("SELECT 1", "Wrong."), (None, "Wrong (line 1, pos 7)")):
        with pytest.raises(InputError) as error, blaming("gold/a.sql", sql):
            raise SparkError("42601", message=message)
        assert error.value.line is None


def test_a_failure_says_what_it_knows_and_nothing_else() -> None:
    known = failure_document(2, "gold", InputError("C", "m", file="gold/a.sql", line=7))
    assert known == {
        "version": 3,
        "attempt": 2,
        "step": "gold",
        "condition": "C",
        "message": "m",
        "file": "gold/a.sql",
        "line": 7,
    }
    bare = failure_document(1, "silver", InputError("C", "m"))
    assert set(bare) == {"version", "attempt", "step", "condition", "message"}


class DyingSession(Session):
    """Spark dies where it would read the input."""

    @property
    def read(self) -> Reader:
        raise SparkError("", "RETRIES_EXCEEDED", "Spark has gone.")


@pytest.mark.parametrize("input_", ["stream", "files"])
def test_spark_that_dies_under_an_input_is_told_as_that(tmp_path: Path, input_: str) -> None:
    lake = ALake(tmp_path, "dying")
    lake.define({"rows": events() if input_ == "stream" else files()})
    pieces = [lake.slice([{}], source="rows")] if input_ == "stream" else []
    dropped = [lake.file("iata\nORD\n", source="rows")] if input_ == "files" else []
    number = lake.batch(pieces, dropped)
    warehouse = Warehouse(cast(SparkSession, DyingSession(Store())), "main", "dying")
    with pytest.raises(SparkError, match="Spark has gone"):
        run(warehouse, Request("dying", number, 1, str(tmp_path), "main"))
    assert not (tmp_path / lake.folder(number) / "failures").exists()
