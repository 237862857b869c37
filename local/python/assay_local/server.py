"""The Spark Connect server: how it is started, when it is ready, how it is ended."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from assay_local.settings import Settings

# The serial collector, since on two cores the others only add threads; the first compiler only, since the second
# never earns its time back on a laptop's batches. With one compiler the JVM has room for 48 MB of code, and a batch of
# sixteen sources needs more: the compiler stops then, and Spark's own threads die of it. 240 MB is what it reserves for
# both compilers.
_JAVA_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
_START_SECONDS = 120.0
_STOP_SECONDS = 10.0
_LOG_BYTES = 10_000_000


class NotStarted(Exception):
    """The server ended, or was not ready in time."""


def spark_settings(settings: Settings, port: int) -> dict[str, str]:
    """What a server on a laptop needs; each value was tried on two cores."""
    return {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        # A client that is gone keeps its query for 5 minutes otherwise. The supervisor releases
        # sessions itself; this is the second line.
        "spark.connect.execute.manager.detachedTimeout": "10s",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.local.dir": str(settings.own_dir / "tmp"),
        # Not as a URI: Hadoop takes an escape of one for a part of the name.
        "spark.sql.warehouse.dir": f"file://{settings.warehouse}",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        # A laptop's batches are small: generating and compiling code for them costs more than it saves.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        # As on Databricks: a table of no stated format is a Delta table.
        "spark.sql.sources.default": "delta",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.databricks.delta.snapshotPartitions": "2",
        # 10,000 tasks by default: one VACUUM of 7 files took 86 s.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": "2",
        # Otherwise every failed query prints hundreds of lines of JVM stack in the client.
        "spark.sql.connect.serverStacktrace.enabled": "false",
        "spark.sql.pyspark.jvmStacktrace.enabled": "false",
        # The checksum file system leaves a hidden .crc beside every file.
        "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
        "spark.hadoop.fs.AbstractFileSystem.file.impl": "org.apache.hadoop.fs.local.RawLocalFs",
    }


class SparkServer:
    def __init__(self, settings: Settings, lock: int, write_archive: Path | None = None) -> None:
        """`write_archive`: where the JVM writes the classes that it has met when it ends."""
        self._settings = settings
        self._write_archive = write_archive
        self._lock = lock
        self._process: subprocess.Popen[bytes] | None = None
        self.port = settings.port or _free_port()

    def start(self) -> None:
        settings = self._settings
        scratch = settings.own_dir / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        settings.warehouse.mkdir(parents=True, exist_ok=True)
        home = _spark_home()
        # The archive is of one class path: the same files by the same names.
        jars = sorted(str(jar.resolve()) for jar in settings.jars_dir.glob("*.jar"))
        options = [f"-Djava.io.tmpdir={scratch}", *self._archive_option()]
        java_options = " ".join([*map(quoted, options), _JAVA_OPTIONS])
        command = [str(home / "bin" / "spark-submit")]
        command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
        command += ["--master", f"local[{settings.cores}]"]
        command += ["--driver-memory", settings.driver_memory]
        command += ["--driver-java-options", java_options]
        command += ["--driver-class-path", os.pathsep.join(jars)]
        for name, value in spark_settings(settings, self.port).items():
            command += ["--conf", f"{name}={value}"]
        command.append("spark-internal")
        environment = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable}
        environment.pop("SPARK_REMOTE", None)
        if sys.platform == "linux":
            # The JVM opens no file whose name is not in the locale's letters; other systems always have all of them.
            environment["LC_ALL"] = "C.UTF-8"
        with _opened_log(settings.spark_log) as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "assay_local.parent", str(os.getpid()), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=scratch,
                pass_fds=[self._lock],
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise NotStarted(f"Spark ended at its start: see {self._settings.spark_log}.")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                # Nothing but its port tells that the JVM listens.
                time.sleep(0.05)
        raise NotStarted(f"Spark was not ready after {_START_SECONDS:.0f} s: see {self._settings.spark_log}.")

    def wait(self) -> int:
        return self._process.wait() if self._process else 0

    def _archive_option(self) -> list[str]:
        if self._write_archive:
            return [f"-XX:ArchiveClassesAtExit={self._write_archive}"]
        # A JVM to which the file does not fit says so in the log and goes on without.
        archive = self._settings.class_archive
        return [f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []

    def stop(self, seconds: float = _STOP_SECONDS) -> None:
        """Politely first, so that Spark removes its scratch files."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()


def quoted(option: str) -> str:
    """One option of the JVM, as Spark's launcher takes a list of them apart: like a shell, without substitutions."""
    return '"' + option.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _spark_home() -> Path:
    # Found without importing: pyspark takes 0.3 s.
    spec = importlib.util.find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise NotStarted("pyspark is not installed in this Python: run set-up again.")
    return Path(spec.origin).parent


def _opened_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_BYTES:
        path.replace(path.with_suffix(".1.log"))
    return path.open("ab")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return
