from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakes import ALake
from running import Runs
from spark_server import spark_server

_numbers = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("spark")
    with spark_server(folder) as address:
        yield address, folder / "warehouse"


@pytest.fixture(scope="session")
def spark(server: tuple[str, Path]) -> Iterator[SparkSession]:
    session = SparkSession.builder.remote(server[0]).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> ALake:
    """A pipeline of the module's own, so its tables are its own too."""
    return ALake(tmp_path_factory.mktemp("lake"), f"p{next(_numbers)}")


@pytest.fixture(scope="module")
def runs(spark: SparkSession, server: tuple[str, Path], lake: ALake) -> Runs:
    return Runs(spark, lake, server[1])
