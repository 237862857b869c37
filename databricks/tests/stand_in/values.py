"""Rows, their columns, and Spark's types from their names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlglot
from pyspark.sql import types as T  # noqa: N812
from sqlglot import exp

DIALECT = "databricks"
Value = Any
Row = tuple[Value, ...]

TYPES: dict[str, type[T.DataType]] = {
    "BIGINT": T.LongType,
    "INT": T.IntegerType,
    "DOUBLE": T.DoubleType,
    "BOOLEAN": T.BooleanType,
    "TEXT": T.StringType,
    "BINARY": T.BinaryType,
    "DATE": T.DateType,
    "TIMESTAMPTZ": T.TimestampType,
}


@dataclass(frozen=True)
class Column:
    name: str
    type: T.DataType
    qualifier: str = ""
    """The name of the table that it is of."""
    is_hidden: bool = False
    """Found by its name alone, as `_metadata.file_path` is."""


class NotStoodInError(NotImplementedError):
    """The job's SQL has something new, which this stand-in has to learn."""


@cache
def parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect=DIALECT)


def type_of(node: exp.DataType) -> T.DataType:
    name = node.this.name
    if name == "ARRAY":
        return T.ArrayType(type_of(node.expressions[0]))
    if name == "MAP":
        key, value = map(type_of, node.expressions)
        return T.MapType(key, value)
    if name == "STRUCT":
        return T.StructType(
            [T.StructField(each.name, type_of(each.args["kind"])) for each in node.expressions]
        )
    if name not in TYPES:
        raise NotStoodInError(f"the type {name}")
    return TYPES[name]()


@cache
def columns_of(schema: str) -> tuple[Column, ...]:
    """From `a bigint, b string`."""
    table = parsed(f"CREATE TABLE t ({schema})")
    return tuple(
        Column(each.name, type_of(each.args["kind"])) for each in table.find_all(exp.ColumnDef)
    )


def struct_type(schema: str) -> T.StructType:
    return T.StructType([T.StructField(each.name, each.type) for each in columns_of(schema)])


def to_json(value: Value, keeps_nulls: bool) -> str:
    return json.dumps(
        _plain(value, keeps_nulls), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def _plain(value: Value, keeps_nulls: bool) -> Value:
    if isinstance(value, dict):
        items = ((name, _plain(each, keeps_nulls)) for name, each in value.items())
        return {name: each for name, each in items if keeps_nulls or each is not None}
    if isinstance(value, list):
        return [_plain(each, keeps_nulls) for each in value]
    if isinstance(value, datetime | date):
        raise NotStoodInError("dates as JSON")
    return value


def frozen(value: Value) -> Value:
    """As something that a set can hold."""
    if isinstance(value, dict):
        return tuple((name, frozen(each)) for name, each in value.items())
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value
