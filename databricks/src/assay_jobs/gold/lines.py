"""The lines of a part. A row's value is JSON text that Spark writes and reads; nobody else does.

`exact` has the digits of the cells that a double cannot hold: readers other than Spark, JavaScript
above all, would round them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import types as T  # noqa: N812

from assay_jobs import quoting as q

from .keys import INSTANT, key_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame

    from assay_jobs.lake import JobLake
    from assay_jobs.warehouse import Warehouse

# Readers hold few lines at a time; a sink notes each part that it has delivered.
ROWS_PER_PART = 5_000
LINE = "op string, key array<string>, isNew boolean, reason string, value string"
LAYOUTS = f"'timestampFormat', {q.text(INSTANT)}, 'dateFormat', 'yyyy-MM-dd'"
# A decimal number of so many digits is the shortest text of its double, whatever the digits.
DIGITS_OF_A_DOUBLE = 15


def to_lines(changes: DataFrame, schema: T.StructType) -> DataFrame:
    """Of rows with `op`, `key`, `isNew`, `reason` and `value`, a struct. Nulls of a line are left
    out, those of a value are kept."""
    exact = _exact("value.", schema)
    return changes.selectExpr(
        "op", "key", "isNew", "reason", f"{_as_json('value')} AS value", f"{exact} AS exact"
    )


def snapshot_lines(rows: DataFrame, key: Sequence[str], schema: T.StructType) -> DataFrame:
    """Every row of a table."""
    columns = q.listed(q.name(field.name) for field in schema)
    return rows.selectExpr(
        "'upsert' AS op",
        f"array({q.listed(key_parts(key, schema))}) AS key",
        f"{_as_json(f'struct({columns})')} AS value",
        f"{_exact('', schema)} AS exact",
    )


def read_lines(warehouse: Warehouse, lake: JobLake, paths: Sequence[str]) -> DataFrame:
    """Refused rows too, which change nothing."""
    return warehouse.read_lines(LINE, [lake.path(path) for path in paths])


def read_changes(warehouse: Warehouse, lake: JobLake, paths: Sequence[str]) -> DataFrame:
    return read_lines(warehouse, lake, paths).where("op <> 'refused'")


def typed_value(value_schema: str) -> str:
    """The value of a line as a struct again, exactly as it was."""
    return f"from_json(value, {q.text(value_schema)}, map({LAYOUTS}, 'mode', 'FAILFAST'))"


def _as_json(value: str) -> str:
    return (
        f"CASE WHEN {value} IS NOT NULL THEN "
        f"to_json({value}, map({LAYOUTS}, 'ignoreNullFields', 'false')) END"
    )


def _exact(side: str, schema: T.StructType) -> str:
    cells = [
        f"{q.text(field.name)}, CASE WHEN {test} THEN CAST({column} AS string) END"
        for field in schema
        for column in [f"{side}{q.name(field.name)}"]
        for test in [_exceeds_a_double(column, field.dataType)]
        if test
    ]
    if not cells:
        return "CAST(NULL AS map<string, string>)"
    found = f"map_filter(map({q.listed(cells)}), (name, digits) -> digits IS NOT NULL)"
    return f"get(filter(array({found}), cells -> size(cells) > 0), 0)"


def _exceeds_a_double(column: str, kind: T.DataType) -> str | None:
    if isinstance(kind, T.FloatType | T.DoubleType):
        return f"isnan({column}) OR abs({column}) = double('Infinity')"
    digits = f"regexp_replace(CAST({column} AS string), '[^0-9]', '')"
    too_many = f"length(regexp_replace({digits}, '^0+|0+$', '')) > {DIGITS_OF_A_DOUBLE}"
    if isinstance(kind, T.LongType):
        return f"{column} NOT BETWEEN -{2**53} AND {2**53} AND {too_many}"
    return too_many if isinstance(kind, T.DecimalType) and kind.precision > 15 else None
