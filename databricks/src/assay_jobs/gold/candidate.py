"""What a gold table should hold after this batch, beside what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from pyspark.sql import types as T  # noqa: N812

from assay_jobs import quoting as q
from assay_jobs.author_sql import Reference, line_of_column, rewrite
from assay_jobs.batch import GoldTable
from assay_jobs.errors import InputError
from assay_jobs.failures import blaming

from .modes import MODES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.warehouse import Warehouse

# A change travels as JSON and comes back typed, so only types that survive the journey exactly.
COLUMN_TYPES = (
    T.BooleanType, T.ByteType, T.ShortType, T.IntegerType, T.LongType, T.FloatType, T.DoubleType,
    T.DecimalType, T.StringType, T.DateType, T.TimestampType,
)  # fmt: skip
KEY_TYPES = tuple(each for each in COLUMN_TYPES if each not in (T.FloatType, T.DoubleType))


@dataclass(frozen=True)
class Candidate:
    """The author's SELECT over this batch's silver, beside the table as it is."""

    table: GoldTable
    rows: DataFrame
    schema: T.StructType
    before: DataFrame | None
    """The table's rows; none where this batch creates it."""
    keeps_key: bool
    keeps_shape: bool
    """Its columns and their types are those of the table, in any order, and its key too."""

    @property
    def columns(self) -> list[str]:
        return [q.name(field.name) for field in self.schema]

    @property
    def key(self) -> list[str]:
        return [q.name(each) for each in self.table.key]

    @property
    def value_schema(self) -> str:
        return q.listed(
            f"{q.name(each.name)} {each.dataType.simpleString()}" for each in self.schema
        )

    def changes(self) -> DataFrame:
        return MODES[self.table.mode](self)


def read_candidate(
    warehouse: Warehouse,
    table: GoldTable,
    key_before: tuple[str, ...] | None,
    known: tuple[str, ...],
) -> Candidate:
    """`key_before`: as the batch before sealed it; none where a skipped one may have written the
    table under another since. `known`: the gold tables before this one, whose next state it reads.
    """
    if table.mode not in MODES:
        _refuse(table, "GOLD_MODE", f'mode "{table.mode}" is not known: write full')

    def place(reference: Reference) -> str:
        if reference.schema == "silver":
            return warehouse.table("silver", reference.table)
        if reference.schema == "gold" and reference.table in known:
            return q.name(next_view(reference.table))
        message = f"{reference.name} is neither a source nor a gold table before {table.name}"
        _refuse(table, "TABLE_NOT_FOUND", message, reference.line)

    if q.SUBSTITUTION in table.sql:
        line = table.sql[: table.sql.index(q.SUBSTITUTION)].count("\n") + 1
        message = "Spark would replace ${…} in the SQL: write concat('$', '{') for these characters"
        _refuse(table, "SQL_SUBSTITUTION", message, line)
    with blaming(table.file, table.sql):
        rows = warehouse.sql(rewrite(table.sql, place))
        schema: T.StructType = rows.schema
    _check_columns(table, schema)
    before, keeps_key, keeps_shape = None, False, False
    if warehouse.has("gold", table.name):
        before = warehouse.rows_of(warehouse.table("gold", table.name))
        was, now = _shape(before.schema), _shape(schema)
        same_types = all(was.get(name) == now[name] for name in table.key)
        keeps_key = key_before == table.key and same_types
        keeps_shape = keeps_key and was == now
    return Candidate(table, rows, schema, before, keeps_key, keeps_shape)


def next_view(table: str) -> str:
    """With the table as this batch will leave it, for the tables that read it."""
    return f"_next_{table}"


def _check_columns(table: GoldTable, schema: T.StructType) -> None:
    names = [field.name for field in schema]
    # Delta and Spark take names for one that differ in upper and lower case only.
    lower = [name.lower() for name in names]
    for at, name in enumerate(names):
        if lower.index(name.lower()) < at:
            line = line_of_column(table.sql, name)
            _refuse(table, "COLUMN_TWICE", f"the column {name} is there twice: rename one", line)
    for name in table.key:
        if name not in names:
            _refuse(table, "KEY_COLUMN_MISSING", f"the key column {name} is not selected")
    for field in schema:
        allowed = KEY_TYPES if field.name in table.key else COLUMN_TYPES
        if not isinstance(field.dataType, allowed):
            kind = field.dataType.simpleString()
            message = f"{field.name} is {kind}, which gold does not keep: cast it"
            _refuse(table, "COLUMN_TYPE", message, line_of_column(table.sql, field.name))


def _refuse(table: GoldTable, condition: str, message: str, line: int | None = None) -> NoReturn:
    raise InputError(condition, message, file=table.file, line=line)


def _shape(schema: T.StructType) -> dict[str, str]:
    return {field.name: field.dataType.simpleString() for field in schema}
