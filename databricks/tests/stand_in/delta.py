"""Tables with Delta's rules: each commit makes one version; one that has read its table is refused
when another came first; an append or overwrite of an application's transaction is made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyspark.errors import PySparkException

from .values import Column, Row

Path = tuple[str, str]
"""The schema and the name; there is one catalog."""


class StoreError(PySparkException):
    """What Spark would say, with its condition and state."""

    def __init__(self, condition: str, state: str, message: str) -> None:
        super().__init__(message)
        self._refused = (condition, state)

    def getCondition(self) -> str | None:  # noqa: N802
        return self._refused[0]

    def getSqlState(self) -> str | None:  # noqa: N802
        return self._refused[1]


@dataclass(frozen=True)
class Version:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    transactions: dict[str, int] = field(default_factory=dict)
    """The newest version of each application."""
    is_blind_append: bool = False


@dataclass(frozen=True)
class Change:
    """A commit that is prepared: what it was made from, and what it makes of that."""

    path: Path
    base: int
    """So many versions had the table when it was read; 0 where it was not there."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    application: str | None = None
    number: int = 0
    appends: bool = False
    """`rows` are added to whatever is there; else they are all rows."""


class Store:
    def __init__(self) -> None:
        self.schemas: set[str] = set()
        self.tables: dict[Path, list[Version]] = {}
        self.views: dict[Path, str] = {}

    def copy(self) -> Store:
        other = Store()
        other.schemas = set(self.schemas)
        other.tables = {path: list(versions) for path, versions in self.tables.items()}
        other.views = dict(self.views)
        return other

    def latest(self, path: Path) -> Version:
        if path not in self.tables:
            raise StoreError("TABLE_OR_VIEW_NOT_FOUND", "42P01", f"{'.'.join(path)} is not there")
        return self.tables[path][-1]

    def versions(self, path: Path) -> int:
        return len(self.tables.get(path, ()))

    def names(self, schema: str) -> list[str]:
        if schema not in self.schemas:
            raise StoreError("SCHEMA_NOT_FOUND", "42704", f"the schema {schema} is not there")
        return sorted(name for owner, name in [*self.tables, *self.views] if owner == schema)

    def is_done(self, change: Change) -> bool:
        """Delta drops a transaction that it has seen, or that is older than one it has seen."""
        if change.application is None or change.path not in self.tables:
            return False
        seen = self.latest(change.path).transactions
        return change.number <= seen.get(change.application, -1)

    def commit(self, change: Change) -> None:
        versions = self.tables.get(change.path, [])
        since = versions[change.base :]
        if change.base == 0 and versions:
            raise StoreError("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", f"{change.path} is there")
        if change.base > len(versions):
            raise StoreError("TABLE_OR_VIEW_NOT_FOUND", "42P01", f"{change.path} is gone")
        if since and not self._may_follow(change, since):
            raise StoreError("DELTA_CONCURRENT_WRITE", "2D521", f"{change.path} has moved on")
        before = versions[-1] if versions else Version(change.columns, ())
        transactions = dict(before.transactions)
        if change.application is not None:
            transactions[change.application] = change.number
        self.tables[change.path] = [
            *versions,
            Version(
                change.columns,
                before.rows + change.rows if change.appends else change.rows,
                transactions,
                change.appends,
            ),
        ]

    def _may_follow(self, change: Change, since: Sequence[Version]) -> bool:
        """Only appends may pass each other, and never two of one application."""
        before = self.tables[change.path][change.base - 1]
        same_columns = all(each.columns == before.columns for each in since)
        is_ours = change.application is not None and any(
            each.transactions.get(change.application) != before.transactions.get(change.application)
            for each in since
        )
        blind = change.appends and all(each.is_blind_append for each in since)
        return blind and same_columns and not is_ours
