"""Runs the steps of a batch: names, times and reports them, and writes how the batch ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from pyspark.errors import PySparkException

from .attempt import Attempt
from .batch import read_batch
from .commit_points import BatchEndedError, CommitPoints, PauseHook
from .errors import InputError
from .failures import failure_document
from .lake import Document, JobLake, batch_folder
from .places import place
from .previous import newest_of, read_previous
from .request import Request
from .steps import STEPS
from .warehouse import Warehouse


def run(
    warehouse: Warehouse,
    request: Request,
    *,
    started: float | None = None,
    pause: PauseHook = lambda pause: None,
) -> Document | None:
    """Safe to repeat from any point, and beside another process at the same batch. The batch's
    process.json, or nothing where it was skipped. `pause` is called at each commit point."""
    lake = JobLake(request.root)
    folder = batch_folder(request.pipeline, request.batch)
    points = CommitPoints(lake, folder, pause)
    try:
        if not points.has_ended():
            Run(warehouse, lake, points, request, started or time.monotonic()).run()
    except BatchEndedError:
        pass
    except PySparkException:
        # What a late attempt reads may be gone by now.
        if not points.has_ended():
            raise
    return lake.find(f"{folder}/process.json")


class Run:
    def __init__(
        self,
        warehouse: Warehouse,
        lake: JobLake,
        points: CommitPoints,
        request: Request,
        started: float,
    ) -> None:
        self.warehouse = warehouse
        self.lake = lake
        self.points = points
        self.request = request
        self.started = started
        self.step = "read"

    def run(self) -> None:
        try:
            attempt = self._read()
            for self.step, work in STEPS.items():
                with attempt.timed(self.step):
                    self._do(work, attempt)
        except InputError as error:
            self._fail(error)
            raise
        self._report(attempt)
        path = f"{attempt.batch.folder}/process.json"
        attempt.write("process.json", path, process_document(attempt))

    def _do(self, work: Callable[[Attempt], None], attempt: Attempt) -> None:
        try:
            work(attempt)
        except InputError as error:
            place(error, attempt.batch.definition)
            raise

    def _read(self) -> Attempt:
        batch = read_batch(self.lake, self.request.pipeline, self.request.batch)
        return Attempt(
            number=self.request.attempt,
            lake=self.lake,
            warehouse=self.warehouse,
            batch=batch,
            previous=read_previous(self.lake, batch.pipeline, batch.number),
            points=self.points,
            seconds={"start": round(time.monotonic() - self.started, 3)},
        )

    def _fail(self, error: InputError) -> None:
        self.points.before("failure")
        self.lake.write(
            f"{self.points.folder}/failures/{self.request.attempt}.json",
            failure_document(self.request.attempt, self.step, error),
        )

    def _report(self, attempt: Attempt) -> None:
        document = {
            "version": 3,
            "attempt": attempt.number,
            "statements": attempt.warehouse.statements,
            "commits": attempt.warehouse.commits,
            "seconds": attempt.seconds,
        }
        attempt.write("report.json", f"{attempt.folder}/report.json", document)


def process_document(attempt: Attempt) -> Document:
    """The end of the batch: a function of the logs and the seal alone, whoever writes it."""
    batch, sealed = attempt.batch, attempt.seal
    return {
        "version": 3,
        "pipeline": batch.pipeline,
        "incarnation": batch.incarnation,
        "batch": batch.number,
        "definition": sealed["definition"],
        "sources": attempt.accounts,
        "newestEventAt": attempt.previous.newest | newest_of(attempt.accounts),
        "tables": {
            name: {field: value for field, value in table.items() if field != "apply"}
            for name, table in sealed["tables"].items()
        },
        "sinks": sealed["sinks"],
    }
