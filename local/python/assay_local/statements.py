"""SQL statements for the Statement Execution API, each in a session of its own."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DataType, DecimalType, StructType
from sqlglot.errors import SqlglotError

from assay_local.parameters import bind

_TYPE_NAMES = {
    "bigint": "LONG",
    "smallint": "SHORT",
    "tinyint": "BYTE",
    "timestamp_ntz": "TIMESTAMP",
}


def execute(spark: SparkSession, request: dict[str, Any]) -> dict[str, Any]:
    """The answer's manifest and rows, or the error with Spark's own condition."""
    try:
        statement = bind(request["statement"], request.get("parameters", []))
        for clause, key in (("CATALOG", "catalog"), ("SCHEMA", "schema")):
            if request.get(key):
                name = str(request[key]).replace("`", "``")
                spark.sql(f"USE `{name}`" if clause == "SCHEMA" else f"SET CATALOG `{name}`")
        frame = spark.sql(statement)
        limit = int(request.get("rowLimit") or 0)
        rows = _read(frame.limit(limit + 1) if limit else frame, int(request["mostBytes"]))
        truncated = 0 < limit < len(rows)
        data = rows[:limit] if limit else rows
        return {"columns": _columns(frame.schema), "rows": data, "truncated": truncated}
    except ResultTooLarge as error:
        return {"error": str(error), "condition": None}
    except PySparkException as error:
        return {
            "error": str(error),
            "condition": error.getCondition(),
            "sqlState": error.getSqlState(),
        }
    except (ValueError, SqlglotError) as error:
        return {"error": f"The parameters cannot be bound: {error}", "condition": None}


class ResultTooLarge(Exception):
    """An inline result has a limit; it is met while reading, so that no result fills the memory."""


def _read(frame: DataFrame, most_bytes: int) -> list[list[str | None]]:
    rows: list[list[str | None]] = []
    size = 0
    for row in frame.toLocalIterator():
        rows.append([_text(value) for value in row])
        size += len(json.dumps(rows[-1]).encode())
        if size > most_bytes:
            raise ResultTooLarge(
                "Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size "
                f"of at most {most_bytes} bytes."
            )
    return rows


def _columns(schema: StructType) -> list[dict[str, Any]]:
    return [
        {"name": field.name, "position": position, **_type(field.dataType)}
        for position, field in enumerate(schema.fields)
    ]


def _type(of: DataType) -> dict[str, Any]:
    text = of.simpleString()
    name = text.split("(")[0].split("<")[0]
    described: dict[str, Any] = {
        "type_name": _TYPE_NAMES.get(name, name.upper()),
        "type_text": text.upper(),
    }
    if isinstance(of, DecimalType):
        described |= {"type_precision": of.precision, "type_scale": of.scale}
    return described


def _text(value: Any) -> str | None:
    """JSON_ARRAY: every value is a string, whatever its type; null is null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(_plain(value), default=_text)
    return str(value)


def _plain(value: Any) -> Any:
    if hasattr(value, "asDict"):
        return {name: _plain(item) for name, item in value.asDict().items()}
    if isinstance(value, dict):
        return {_text(key) or "null": _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
