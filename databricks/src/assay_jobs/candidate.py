"""What a gold table should hold after this batch, and how that differs from what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as T  # noqa: N812

from . import quoting as q
from .author_sql import Reference, rewrite
from .errors import InputError
from .failures import blaming
from .plan import GoldTable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from .warehouse import Warehouse

# A change travels as JSON and comes back typed, so only types that survive the journey exactly.
COLUMN_TYPES = (
    T.BooleanType, T.ByteType, T.ShortType, T.IntegerType, T.LongType, T.FloatType, T.DoubleType,
    T.DecimalType, T.StringType, T.DateType, T.TimestampType,
)  # fmt: skip
KEY_TYPES = tuple(each for each in COLUMN_TYPES if each not in (T.FloatType, T.DoubleType))
INSTANT = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"
JSON_OPTIONS = {"timestampFormat": INSTANT, "dateFormat": "yyyy-MM-dd", "ignoreNullFields": "false"}
# https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-item-limits
MAX_ID_BYTES = 1023
MAX_PARTITION_KEY_BYTES = 2048
KEY_PROBLEMS = {
    "null": "null",
    "empty": "an empty text",
    "too long": f"too long for a document's id ({MAX_ID_BYTES} bytes) or partition "
    f"({MAX_PARTITION_KEY_BYTES})",
    "repeated": "repeated",
}


class Candidate:
    """The author's SELECT over this batch's silver, beside the table as it is."""

    def __init__(self, warehouse: Warehouse, table: GoldTable, known: tuple[str, ...]) -> None:
        """`known`: the gold tables before this one, whose next state it reads."""
        self.warehouse = warehouse
        self.table = table
        self.known = known
        self.path = warehouse.table("gold", table.name)
        self.exists = warehouse.has("gold", table.name)
        with blaming(table.file, table.sql):
            self.rows = warehouse.sql(rewrite(table.sql, self._place))
            self.schema: T.StructType = self.rows.schema
        self._check_columns()
        self.keeps_shape = False
        if self.exists:
            there: T.StructType = warehouse.spark.table(self.path).schema
            self._check_key(there)
            self.keeps_shape = _shape(there) == _shape(self.schema)

    def _place(self, reference: Reference) -> str:
        if reference.schema == "silver":
            return self.warehouse.table("silver", reference.table)
        if reference.schema == "gold" and reference.table in self.known:
            return q.name(next_view(reference.table))
        raise InputError(
            "TABLE_NOT_FOUND",
            f"{reference.name} is neither a source nor a gold table before {self.table.name}",
            file=self.table.file,
            line=reference.line,
        )

    def _check_columns(self) -> None:
        names = [field.name for field in self.schema]
        for name in names:
            if names.count(name) > 1:
                self._refuse("COLUMN_TWICE", f"the column {name} is there twice: rename one")
        for name in self.table.key:
            if name not in names:
                self._refuse("KEY_COLUMN_MISSING", f"the key column {name} is not selected")
        for field in self.schema:
            allowed = KEY_TYPES if field.name in self.table.key else COLUMN_TYPES
            if not isinstance(field.dataType, allowed):
                kind = field.dataType.simpleString()
                self._refuse(
                    "COLUMN_TYPE", f"{field.name} is {kind}, which gold does not keep: cast it"
                )

    def _check_key(self, there: T.StructType) -> None:
        """What was published under another key could never be taken back."""
        was, now = dict(_shape(there)), dict(_shape(self.schema))
        for name in self.table.key:
            if was.get(name) != now[name]:
                before = f"was {was[name]} and is now {now[name]}" if name in was else "is new"
                self._refuse(
                    "KEY_CHANGED", f"the key column {name} {before}: give the table a new name"
                )

    def _refuse(self, condition: str, message: str) -> None:
        raise InputError(condition, message, sql_state="42000", file=self.table.file)

    @property
    def columns(self) -> list[str]:
        return [q.name(field.name) for field in self.schema]

    @property
    def key(self) -> list[str]:
        return [q.name(each) for each in self.table.key]

    def changes(self) -> DataFrame:
        """The change set. Rows whose key names no document are all in it, with why not as `op`."""
        counted = (
            self.rows.selectExpr(
                "*",
                f"count(1) OVER (PARTITION BY {q.listed(self.key)}) AS _of_key",
                "true AS _is_new",
            )
            .selectExpr("*", f"{self._key_problem()} AS _problem")
            .alias("c")
        )
        value = f"struct({q.listed(f'c.{each}' for each in self.columns)})"
        if not self.exists:
            return counted.selectExpr(
                "coalesce(c._problem, 'upsert') AS op",
                f"array({q.listed(self._key_parts('c.'))}) AS key",
                "true AS isNew",
                f"{value} AS value",
            )
        old = self.warehouse.spark.table(self.path).selectExpr("*", "true AS _is_old").alias("o")
        same_key = " AND ".join(f"c.{each} = o.{each}" for each in self.key)
        # When the columns themselves changed, every document is written anew.
        equal = "false"
        if self.keeps_shape:
            equal = " AND ".join(f"c.{each} <=> o.{each}" for each in self.columns)
        return (
            counted.join(old, F.expr(same_key), "full")
            .where(f"c._problem IS NOT NULL OR NOT (c._is_new <=> o._is_old AND {equal})")
            .selectExpr(
                "coalesce(c._problem, if(c._is_new, 'upsert', 'delete')) AS op",
                f"if(c._is_new, array({q.listed(self._key_parts('c.'))}), "
                f"array({q.listed(self._key_parts('o.'))})) AS key",
                "if(c._is_new, o._is_old IS NULL, NULL) AS isNew",
                f"if(c._is_new, {value}, NULL) AS value",
            )
        )

    def change_schema(self) -> str:
        columns = q.listed(
            f"{q.name(field.name)}: {field.dataType.simpleString()}" for field in self.schema
        )
        return f"op string, key array<string>, isNew boolean, value struct<{columns}>"

    def key_values(self) -> list[str]:
        """The key of a change, typed as in the table."""
        types = {field.name: field.dataType.simpleString() for field in self.schema}
        return [f"CAST(key[{index}] AS {types[name]})" for index, name in enumerate(self.table.key)]

    def show_next_state(self, changes: DataFrame) -> None:
        """For the gold tables that read this one: the table with its changes, before any commit."""
        rows = changes.where("op <> 'delete'").selectExpr("value.*")
        if self.exists and self.keeps_shape:
            touched = changes.selectExpr(
                *(f"{value} AS _key_{at}" for at, value in enumerate(self.key_values()))
            ).alias("d")
            same = " AND ".join(f"o.{each} = d._key_{at}" for at, each in enumerate(self.key))
            old = self.warehouse.spark.table(self.path).alias("o")
            rows = rows.unionByName(old.join(touched, F.expr(same), "left_anti"))
        rows.createOrReplaceTempView(next_view(self.table.name))

    def _key_problem(self) -> str:
        """One of KEY_PROBLEMS or null, for the names that `src/domain/documents.ts` makes."""
        parts = self._key_parts()
        # "_" in place of the separator ":", which is no part of a name and stays one byte.
        id_ = f"concat_ws('_', {q.listed(parts[1:] or parts)})"
        is_null = " OR ".join(f"{each} IS NULL" for each in self.key)
        is_empty = " OR ".join(f"{part} = ''" for part in parts)
        return (
            f"CASE WHEN {is_null} THEN 'null' WHEN {is_empty} THEN 'empty' "
            f"WHEN {_is_longer(id_, MAX_ID_BYTES)} OR "
            f"{_is_longer(parts[0], MAX_PARTITION_KEY_BYTES)} THEN 'too long' "
            "WHEN _of_key > 1 THEN 'repeated' END"
        )

    def _key_parts(self, side: str = "") -> list[str]:
        types = {field.name: field.dataType for field in self.schema}
        return [
            f"date_format({side}{q.name(each)}, {q.text(INSTANT)})"
            if isinstance(types[each], T.TimestampType)
            else f"CAST({side}{q.name(each)} AS string)"
            for each in self.table.key
        ]


def next_view(table: str) -> str:
    return f"_next_{table}"


def _is_longer(text: str, limit: int) -> str:
    """As a name, in which each byte that is not safe takes three (`~XX`)."""
    bytes_, safe = f"octet_length({text})", f"regexp_replace({text}, '[^A-Za-z0-9._-]', '')"
    return f"(3 * {bytes_} > {limit} AND 3 * {bytes_} - 2 * octet_length({safe}) > {limit})"


def _shape(schema: T.StructType) -> list[tuple[str, str]]:
    return sorted((field.name, field.dataType.simpleString()) for field in schema)
