"""Spark's classes as one file that the JVM maps into memory: reading and checking them one by one is a third of what
a cold start and its first batch cost.

``python -m assay_local.archive <tools folder>`` starts Spark once, puts two small batches through the job, and has
the JVM write the classes that it met. A JVM that cannot, or another one later, does without the file.
"""

import os
import sys
import tempfile
from pathlib import Path

from assay_local.server import NotStarted, SparkServer
from assay_local.settings import Settings
from assay_local.training import train

_DUMP_SECONDS = 300.0


def make(settings: Settings, folder: Path) -> None:
    new = settings.class_archive.with_suffix(".new")
    new.unlink(missing_ok=True)
    with (folder / "lock").open("wb") as lock:
        server = SparkServer(settings, lock.fileno(), write_archive=new)
        server.start()
        try:
            server.wait_until_ready()
            from pyspark.sql import SparkSession

            spark = SparkSession.builder.remote(f"sc://127.0.0.1:{server.port}/;user_id=assay").getOrCreate()
            train(spark, folder / "lake")
            spark.stop()
        finally:
            server.stop(_DUMP_SECONDS)
    if new.exists():
        new.replace(settings.class_archive)


def main(tools: str) -> None:
    with tempfile.TemporaryDirectory(prefix="assay-archive-") as name:
        folder = Path(name)
        settings = Settings(
            state_dir=folder,
            jars_dir=Path(tools, "jars"),
            port=0,
            cores=os.cpu_count() or 1,
            driver_memory="1g",
            warm_up=False,
        )
        try:
            make(settings, folder)
        except NotStarted:
            # The log goes with the folder: what Spark said last is all that is left of it.
            sys.exit(settings.spark_log.read_text()[-2000:])


if __name__ == "__main__":
    main(*sys.argv[1:])
