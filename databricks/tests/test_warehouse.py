"""The door to Spark: commits that another one refuses, and the properties of tables."""

from __future__ import annotations

import json
from typing import cast
from zipfile import ZipFile

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from assay_jobs.warehouse import BEING_CREATED, CONFLICT_STATES, CONFLICTS, TRIES, Warehouse
from spark_server import jars
from stand_in.delta import Store, StoreError
from stand_in.session import Session


def test_every_conflict_of_delta_is_known_by_its_state_and_by_its_name() -> None:
    [jar] = [each for each in jars() if each.name.startswith("delta-spark_")]
    with ZipFile(jar) as archive:
        classes = json.loads(archive.read("error/delta-error-classes.json"))
    named = {name for name in classes if CONFLICTS.match(name)}
    assert {classes[name]["sqlState"] for name in named} <= set(CONFLICT_STATES)
    assert len(named) == 7
    assert BEING_CREATED in classes
    # As Databricks tells it.
    assert CONFLICTS.match("DELTA_CONCURRENT_APPEND.ROW_LEVEL_CHANGES")


class Refusing:
    """A session whose statements are refused so many times."""

    def __init__(self, error: PySparkException, times: int) -> None:
        self.error = error
        self.times = times
        self.conf = Session(Store()).conf

    def sql(self, statement: str) -> None:
        if self.times:
            self.times -= 1
            raise self.error


def warehouse(error: PySparkException, times: int) -> Warehouse:
    return Warehouse(cast(SparkSession, Refusing(error, times)), "c", "p")


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        ("DELTA_CONCURRENT_DELETE_READ", "2D521"),
        ("DELTA_METADATA_CHANGED", ""),
        ("X", "42P07"),
        (BEING_CREATED, "42601"),
    ],
)
def test_a_commit_that_meets_another_is_run_again(condition: str, state: str) -> None:
    error = StoreError(condition, state, "another came first")
    patient = warehouse(error, TRIES - 1)
    patient.commit("MERGE")
    assert patient.commits == TRIES
    with pytest.raises(StoreError):
        warehouse(error, TRIES).commit("MERGE")


def test_any_other_refusal_is_told_at_once() -> None:
    refused = warehouse(StoreError("DELTA_TABLE_NOT_FOUND", "42P01", "no table"), 1)
    with pytest.raises(StoreError):
        refused.commit("MERGE")
    assert refused.commits == 1


@pytest.mark.parametrize("has_them", [True, False])
def test_tables_have_deletion_vectors_as_the_job_is_told(has_them: bool) -> None:
    told = Warehouse(cast(SparkSession, Session(Store())), "c", "p", has_them)
    assert told.tblproperties == (
        f"TBLPROPERTIES ('delta.enableDeletionVectors' = '{str(has_them).lower()}')"
    )
