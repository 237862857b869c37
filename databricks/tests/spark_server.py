"""Spark Connect with Delta, as the laptop's platform starts it: three jars, no Ivy, small."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark

TOOLS = Path(os.environ.get("ASSAY_TOOLS", Path(__file__).parents[2] / ".assay/tools"))
START_SECONDS = 120
NO_CODEGEN = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def jars() -> list[Path]:
    return sorted((TOOLS / "jars").glob("*.jar"))


@contextmanager
def spark_server(folder: Path) -> Iterator[str]:
    """The address of a server that ends with the block."""
    port, home = _free_port(), str(Path(pyspark.__file__).parent)
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        # Otherwise it writes some 40 MB that nobody reads.
        "spark.log.level": "WARN",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": "2",
        "spark.sql.connect.serverStacktrace.enabled": "false",
        "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
        "spark.hadoop.fs.AbstractFileSystem.file.impl": ("org.apache.hadoop.fs.local.RawLocalFs"),
        # Many tiny queries, each new: neither generated code (a third of all CPU time here) nor the
        # second compiler would earn its time back. ASSAY_CODEGEN=1 tests with generated code.
        **({} if os.environ.get("ASSAY_CODEGEN") else NO_CODEGEN),
        "spark.driver.extraJavaOptions": (
            # With one compiler the JVM reserves 48 MB for code, which this suite fills: behind that
            # it would compile nothing more.
            "-Duser.timezone=UTC -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
            " -XX:ReservedCodeCacheSize=240m"
        ),
    }
    command = [
        f"{home}/bin/spark-submit",
        *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
        *("--master", "local[2]", "--driver-memory", "2g"),
        *("--jars", ",".join(map(str, jars()))),
        *(part for key, value in settings.items() for part in ("--conf", f"{key}={value}")),
        "spark-internal",
    ]
    environment = {**os.environ, "SPARK_HOME": home, "PYSPARK_PYTHON": sys.executable}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=folder
        )
    try:
        _wait_for(port, server, folder / "server.log")
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"Spark ended at its start:\n{log.read_text()[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            # To wait for its line in the log instead would need a thread that reads it to the end.
            time.sleep(0.2)
    raise TimeoutError(f"Spark did not listen within {START_SECONDS} s")
