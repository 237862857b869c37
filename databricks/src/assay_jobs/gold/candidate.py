"""What a gold table should hold after this batch, beside what it holds."""

from __future__ import annotations

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


class Candidate:
    """The author's SELECT over this batch's silver, beside the table as it is."""

    def __init__(
        self,
        warehouse: Warehouse,
        table: GoldTable,
        key_before: tuple[str, ...] | None,
        known: tuple[str, ...],
    ) -> None:
        """`key_before`: as the batch before sealed it. `known`: the gold tables before this one,
        whose next state it reads."""
        self.warehouse = warehouse
        self.table = table
        self.known = known
        self.path = warehouse.table("gold", table.name)
        self.exists = warehouse.has("gold", table.name)
        if table.mode not in MODES:
            self._refuse("GOLD_MODE", f'mode "{table.mode}" is not known: write full')
        with blaming(table.file, table.sql):
            self.rows = warehouse.sql(rewrite(table.sql, self._place))
            self.schema: T.StructType = self.rows.schema
        self._check_columns()
        self.keeps_key = False
        self.keeps_shape = False
        if self.exists:
            was, now = _shape(warehouse.columns(self.path)), _shape(self.schema)
            same_types = all(was.get(name) == now[name] for name in table.key)
            self.keeps_key = key_before == table.key and same_types
            self.keeps_shape = self.keeps_key and was == now

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

    def before(self) -> DataFrame:
        return self.warehouse.spark.table(self.path)

    def changes(self) -> DataFrame:
        return MODES[self.table.mode](self)

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
        # Delta and Spark take names for one that differ in upper and lower case only.
        lower = [name.lower() for name in names]
        for at, name in enumerate(names):
            if lower.index(name.lower()) < at:
                line = line_of_column(self.table.sql, name)
                self._refuse("COLUMN_TWICE", f"the column {name} is there twice: rename one", line)
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

    def _refuse(self, condition: str, message: str, line: int | None = None) -> NoReturn:
        raise InputError(condition, message, file=self.table.file, line=line)


def next_view(table: str) -> str:
    return f"_next_{table}"


def _shape(schema: T.StructType) -> dict[str, str]:
    return {field.name: field.dataType.simpleString() for field in schema}
