"""Whose fault an error of Spark is, and what of it is told."""

from __future__ import annotations

import pytest
from pyspark.errors import PySparkException

from assay_jobs.errors import InputError
from assay_jobs.failures import blaming
from assay_jobs.spark_errors import VALUES_CLASSES, sentence


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
