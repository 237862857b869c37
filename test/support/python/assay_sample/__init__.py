"""Entry points that the tests of the local Databricks workspace run."""

import os
import signal
import sys
import time
from pathlib import Path


def _given() -> dict[str, str]:
    return dict(argument.removeprefix("--").split("=", 1) for argument in sys.argv[1:])


def say() -> None:
    print("said:", *sys.argv[1:])


def undeclared() -> None:
    print("not in the package's metadata")


def fail() -> None:
    print("about to fail")
    raise ValueError("the input is wrong")


def exit_with() -> None:
    sys.exit(int(_given()["code"]))


def crash() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail_once() -> None:
    """Fails unless the file exists, and makes it."""
    marker = Path(_given()["marker"])
    if not marker.exists():
        marker.touch()
        raise RuntimeError("the first time always fails")


def wait() -> None:
    """Says that it runs, and goes on until the file exists."""
    given = _given()
    Path(given["started"]).touch()
    while not Path(given["until"]).exists():
        # A file is the one sign that a test can give, and Python has no event for it.
        time.sleep(0.02)


def write_table() -> None:
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.getOrCreate()
    name = _given()["table"]
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
    spark.sql(f"CREATE TABLE {name} USING delta AS SELECT id, id * 2 AS double FROM range(10)")
    print("rows:", spark.table(name).count())


def slow_merge() -> None:
    """A MERGE that takes a minute if nobody ends it: every row waits in the server."""
    from pyspark.sql import SparkSession

    given = _given()
    spark = SparkSession.builder.getOrCreate()
    Path(given["started"]).touch()
    spark.sql(
        f"MERGE INTO {given['table']} t USING (SELECT id + 100 AS id, "
        "CAST(java_method('java.lang.Thread', 'sleep', id * 0 + 1000) IS NULL AS INT) AS double "
        "FROM range(60)) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT *"
    )
