"""What an error of Spark says without the data that it is about, and whose fault it can be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyspark.errors import PySparkException

# Classes of SQLSTATE. Values: data exception. An author's SELECT is to blame for more: cardinality,
# syntax or access rule, not supported, limit exceeded.
VALUES_CLASSES = ("22",)
AUTHORS_CLASSES = (*VALUES_CLASSES, "21", "42", "0A", "54")
# Insufficient privilege, in the same class: a grant that the job lacks is not in her file.
INSUFFICIENT_PRIVILEGE = "42501"
# Conditions of the same classes that tell of the platform: of the compute, of Unity Catalog, of
# what lies behind the names. https://docs.databricks.com/aws/en/error-messages/error-classes
PLATFORMS_CONDITIONS = re.compile(
    r"(NOT_SUPPORTED_WITH_SERVERLESS|UC_|UNITY_CATALOG_|UNSUPPORTED_CONNECT_FEATURE|DELTA_"
    r"|INSUFFICIENT_PERMISSIONS|INSUFFICIENT_PRIVILEGES|PERMISSION_DENIED|UNAUTHORIZED_ACCESS"
    r"|CATALOG_NOT_FOUND|SCHEMA_NOT_FOUND|PATH_NOT_FOUND|UNRESOLVED_TABLE_PATH|BATCH_METADATA_NOT_FOUND"
    r"|CORRUPTED_CATALOG_FUNCTION|MISSING_CATALOG_ABILITY|INVALID_ARTIFACT_PATH|INVALID_CONF_VALUE"
    r"|AVRO_NOT_LOADED|EXTERNAL_|CREDENTIAL_)"
)
# Spark's own parameters of functions. Unity Catalog names its refusals with this condition, too.
FUNCTIONS_PARAMETERS = re.compile(
    r"INVALID_PARAMETER_VALUE(\.(AES_\w+|BINARY_FORMAT|BIT_POSITION_RANGE|BOOLEAN|CHARSET"
    r"|DATETIME_UNIT|DOUBLE|DTYPE|INTEGER|LENGTH|LONG|NULL|PATTERN|REGEX_GROUP_INDEX|START|STRING"
    r"|TIME_UNIT|ZERO_INDEX))?\Z"
)

# Parameters of conditions that say nothing of a row. Any other of a data exception may be a cell.
SAFE_PARAMETERS = frozenset(
    [
        "sourceType",
        "targetType",
        "sqlType",
        "dataType",
        "jsonType",
        "avroType",
        "invalidType",
        "typeName",
        "class",
        "columnName",
        "fieldName",
        "functionName",
        "function",
        "func",
        "parameter",
        "argName",
        "config",
        "ansiConfig",
        "alternative",
        "suggestion",
        "precision",
        "maxPrecision",
        "scale",
        "min",
        "max",
        "minValue",
        "maxValue",
        "limit",
        "failFastMode",
        "supportedFormat",
        "charsets",
        "symbol",
        "docroot",
    ]
)
HIDDEN = "…"
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
NUMBER = re.compile(r"\b\d[\d.,:TZ-]*")


def is_of(error: PySparkException, classes: tuple[str, ...]) -> bool:
    """Whether what was asked of Spark is wrong, in one of these classes, and not the platform."""
    state, condition = error.getSqlState() or "", error.getCondition() or ""
    if state == INSUFFICIENT_PRIVILEGE or PLATFORMS_CONDITIONS.match(condition):
        return False
    if condition.startswith("INVALID_PARAMETER_VALUE"):
        return state.startswith(classes) and FUNCTIONS_PARAMETERS.match(condition) is not None
    return state.startswith(classes)


def sentence(error: BaseException) -> str:
    """The first paragraph of the message: no query text, no plan, no stack, and no cell of a row,
    since messages of failures are logged and served."""
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
    told = " ".join(kept)
    if isinstance(error, PySparkException) and _is_of_data(error):
        told = _without_cells(told, error.getMessageParameters() or {})
    return told[:1000] or type(error).__name__


def _is_of_data(error: PySparkException) -> bool:
    # A failed task may come without a state of its own.
    return (error.getSqlState() or "").startswith(VALUES_CLASSES) or "stage failure" in str(error)


def _without_cells(text: str, parameters: Mapping[str, str]) -> str:
    if not parameters:
        return NUMBER.sub(HIDDEN, QUOTED.sub(HIDDEN, text))
    cells = [each for name, each in parameters.items() if name not in SAFE_PARAMETERS]
    for cell in sorted(filter(None, cells), key=len, reverse=True):
        text = text.replace(cell, HIDDEN)
    return text
