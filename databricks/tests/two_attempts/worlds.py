"""Where attempts run: over the stand-in, or with real Spark. Either way it is the job's `run`."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from deltalake import DeltaTable
from pyspark.sql import SparkSession

from assay_jobs.commit_points import Pause
from assay_jobs.request import Request
from assay_jobs.runner import run
from assay_jobs.warehouse import Result, Warehouse
from lakes import ALake
from stand_in.delta import Store
from stand_in.session import Session

from .running import Hook, Place, Work

CATALOG = "spark_catalog"
# Statements of one session see its views only; two attempts and the next batch have one each.
SESSIONS = 3


class World(Protocol):
    lake: ALake

    def work(self, batch: int, attempt: int, session: int) -> Work: ...

    def tables(self, layer: str) -> list[str]: ...

    def rows(self, layer: str, table: str) -> list[dict[str, Any]]: ...


class InOrder(Warehouse):
    """What the job does side by side is done one after another, so that a run can be repeated."""

    def together(self, work: Sequence[Callable[[], Result]]) -> list[Result]:
        return [each() for each in work]


class StandInWorld:
    def __init__(self, lake: ALake, store: Store) -> None:
        self.lake = lake
        self.store = store

    def copy(self, root: Path) -> StandInWorld:
        """Documents are replaced as a whole, so that the copy may share files with this one."""
        shutil.copytree(self.lake.root, root, copy_function=os.link)
        lake = copy.copy(self.lake)
        lake.root = root
        return StandInWorld(lake, self.store.copy())

    def work(self, batch: int, attempt: int, session: int) -> Work:
        request = _request(self.lake, batch, attempt)

        def work(hook: Hook) -> None:
            here: list[Pause] = []

            def pause(at: Pause) -> None:
                here[:] = [at]
                hook(Place(at.point, at.moment, at.subject))

            def between() -> None:
                [at] = here
                hook(Place(at.point, "commit", at.subject))

            spark = cast(SparkSession, Session(self.store, between))
            run(InOrder(spark, CATALOG, self.lake.pipeline), request, pause=pause)

        return work

    def tables(self, layer: str) -> list[str]:
        schema = f"{self.lake.pipeline}_{layer}"
        return sorted(name for owner, name in self.store.tables if owner == schema)

    def rows(self, layer: str, table: str) -> list[dict[str, Any]]:
        version = self.store.latest((f"{self.lake.pipeline}_{layer}", table))
        names = [each.name for each in version.columns]
        return [dict(zip(names, row, strict=True)) for row in version.rows]


class SparkWorld:
    def __init__(self, lake: ALake, sessions: Sequence[SparkSession], warehouse: Path) -> None:
        self.lake = lake
        self.sessions = sessions
        self.warehouse = warehouse

    def work(self, batch: int, attempt: int, session: int) -> Work:
        request = _request(self.lake, batch, attempt)

        def work(hook: Hook) -> None:
            warehouse = Warehouse(self.sessions[session], CATALOG, self.lake.pipeline)
            run(
                warehouse,
                request,
                pause=lambda at: hook(Place(at.point, at.moment, at.subject)),
            )

        return work

    def tables(self, layer: str) -> list[str]:
        folder = self.warehouse / f"{self.lake.pipeline}_{layer}.db"
        return sorted(each.name for each in folder.iterdir())

    def rows(self, layer: str, table: str) -> list[dict[str, Any]]:
        path = self.warehouse / f"{self.lake.pipeline}_{layer}.db" / table
        rows: list[dict[str, Any]] = DeltaTable(str(path)).to_pyarrow_table().to_pylist()
        return rows


def _request(lake: ALake, batch: int, attempt: int) -> Request:
    return Request(lake.pipeline, batch, attempt, str(lake.root), CATALOG)
