"""Spark's classes as one file that the JVM maps into memory: reading and checking them one by one is a third of what
a cold start and its first batch cost.

``python -m assay_local.archive <tools folder>`` starts Spark once, puts two small batches through the job, and has
the JVM write the classes that it met. A JVM that cannot, or another one later, does without the file.
"""

import os
import shutil
import sys
from pathlib import Path

from assay_local.parent import end_with_parent
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
            try:
                train(spark, folder / "lake")
            finally:
                # A session that stays open keeps this process from ending.
                spark.stop()
        except BaseException:
            # Not `stop`: what is written at the end is of no use now, and takes long.
            server.kill()
            raise
        server.stop(_DUMP_SECONDS)
    if new.exists():
        new.replace(settings.class_archive)


def main(tools: str) -> None:
    end_with_parent(os.getppid())
    # Always the same folder: what a killed run left is cleared by the next.
    folder = Path(tools, "archive")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
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
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
