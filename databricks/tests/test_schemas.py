"""Whether the job makes schemas: the deployment does, and the job may not have the right to."""

from __future__ import annotations

from typing import cast

import pytest
from pyspark.sql import SparkSession

from assay_jobs.warehouse import Warehouse
from stand_in.delta import Store, StoreError
from stand_in.frames import Frame
from stand_in.session import Session


class Catalog(Session):
    """Says another condition for a schema that is missing, and none of its own makes schemas."""

    def __init__(self, store: Store, *, refuses: bool = False) -> None:
        super().__init__(store)
        self.refuses = refuses
        self.asked: list[str] = []

    def sql(self, statement: str) -> Frame:
        self.asked.append(statement)
        shows = statement.startswith("SHOW TABLES")
        if shows and self.refuses:
            raise StoreError("INSUFFICIENT_PERMISSIONS", "42501", "no USE SCHEMA")
        if shows and not self.store.schemas:
            raise StoreError("NO_SUCH_SCHEMA_HERE", "42704", "it is not there")
        return super().sql(statement)


def warehouse(catalog: Catalog) -> Warehouse:
    return Warehouse(cast(SparkSession, catalog), "main", "flights")


def test_a_schema_that_is_there_is_not_made() -> None:
    store = Store()
    store.schemas.add("flights_silver")
    catalog = Catalog(store)
    assert warehouse(catalog).names("silver") == set()
    assert catalog.asked == ["SHOW TABLES IN `main`.`flights_silver`"]


def test_a_missing_schema_is_made_whatever_condition_tells_it() -> None:
    catalog = Catalog(Store())
    assert warehouse(catalog).names("silver") == set()
    assert catalog.store.schemas == {"flights_silver"}


def test_a_schema_that_may_not_be_used_is_told_and_not_made() -> None:
    store = Store()
    store.schemas.add("flights_silver")
    catalog = Catalog(store, refuses=True)
    with pytest.raises(StoreError, match="no USE SCHEMA"):
        warehouse(catalog).names("silver")
    assert not [each for each in catalog.asked if each.startswith("CREATE")]
