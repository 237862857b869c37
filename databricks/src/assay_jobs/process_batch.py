"""The job `process_batch`: one batch through silver and gold in one session.

process_batch --pipeline=flights --batch=7 --attempt=1 --root=/Volumes/… --catalog=…
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from . import STARTED
from .account import account_of
from .errors import InputError
from .failures import failure_document, sentence
from .gold import GoldStep
from .lake import Document, Lake, batch_folder
from .plan import Batch, read_batch
from .silver import Refinery
from .warehouse import Warehouse

Step = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    pipeline: str
    batch: int
    attempt: int
    root: str
    catalog: str


def main() -> None:
    request = _request(sys.argv[1:])
    # pyspark would write each failed query to stderr once more, as JSON.
    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
    try:
        process(SparkSession.builder.getOrCreate(), request, started=STARTED)
    except InputError as error:
        sys.exit(f"{error.condition}: {error}")
    except Exception as error:
        sys.exit(f"{type(error).__name__} at {_own_frame(error)}: {sentence(error)}")


def process(
    spark: SparkSession,
    request: Request,
    *,
    started: float | None = None,
    after_step: Step = lambda step: None,
) -> Document:
    """Safe to repeat from any point; what one attempt has finished the next one finds.

    `after_step` is called with the name of each step that has just been done: tests break there.
    """
    started = time.monotonic() if started is None else started
    lake = Lake(request.root)
    folder = batch_folder(request.pipeline, request.batch)
    done = lake.find(f"{folder}/process.json")
    if done is not None:
        return done
    try:
        batch = read_batch(lake, request.pipeline, request.batch)
        return _process(spark, lake, batch, request, started, after_step)
    except InputError as error:
        lake.write(
            f"{folder}/failures/{request.attempt}.json", failure_document(request.attempt, error)
        )
        raise


def _process(
    spark: SparkSession,
    lake: Lake,
    batch: Batch,
    request: Request,
    started: float,
    after_step: Step,
) -> Document:
    warehouse = Warehouse(spark, request.catalog, batch.pipeline)
    at_start = time.monotonic()
    newest = _newest_before(lake, batch)
    sources = _refine(warehouse, lake, batch, newest, after_step)
    at_silver = time.monotonic()
    sealed, gold = _refresh_gold(warehouse, lake, batch, after_step)
    at_gold = time.monotonic()
    document = {
        "version": 1,
        "pipeline": batch.pipeline,
        "incarnation": batch.incarnation,
        "batch": batch.number,
        "definition": sealed["definition"],
        "attempt": request.attempt,
        "sources": sources,
        "newestEventAt": newest
        | {name: each["newestEventAt"] for name, each in sources.items() if each["newestEventAt"]},
        "gold": gold,
        "seconds": {
            "start": round(at_start - started, 3),
            "silver": round(at_silver - at_start, 3),
            "gold": round(at_gold - at_silver, 3),
        },
        "statements": warehouse.statements,
        "commits": warehouse.commits,
    }
    lake.write(f"{batch.folder}/process.json", document)
    after_step("process")
    return document


def _refine(
    warehouse: Warehouse, lake: Lake, batch: Batch, newest: dict[str, str], after_step: Step
) -> Document:
    refineries = [
        Refinery(warehouse, lake, batch, source, newest.get(source.name))
        for source in batch.definition.sources.values()
    ]
    warehouse.has("silver", "")  # one look for all
    # At each attempt: a repaired definition may bring a source or a property, and gold reads it.
    warehouse.together([refinery.create_tables for refinery in refineries])
    after_step("silver tables")
    # The rows of a batch never change once they are in: an attempt after a mistake in gold, or
    # after a crash, goes on with gold.
    done = lake.find(f"{batch.folder}/silver.json")
    if done is not None:
        return dict(done["sources"])
    with_input = [refinery for refinery in refineries if refinery.has_input]
    warehouse.together([refinery.append_log for refinery in with_input])
    after_step("silver log")
    accounts: Document = {}
    unreadable: frozenset[str] = frozenset()
    if with_input:
        rows = warehouse.rows(" UNION ALL ".join(each.account_query() for each in with_input))
        accounts = {each.source.name: account_of(each, rows) for each in with_input}
        unreadable = frozenset(file for row in rows for file in row["unreadable"])
    after_step("silver account")
    warehouse.together([partial(refinery.merge_silver, unreadable) for refinery in with_input])
    after_step("silver merge")
    lake.write(f"{batch.folder}/silver.json", {"version": 1, "sources": accounts})
    after_step("silver seal")
    return accounts


def _refresh_gold(
    warehouse: Warehouse, lake: Lake, batch: Batch, after_step: Step
) -> tuple[Document, Document]:
    gold = GoldStep(warehouse, lake, batch)
    sealed = gold.seal(before_seal=lambda: after_step("gold candidates"))
    after_step("gold seal")
    tables = list(sealed["tables"])

    def apply(table: str) -> int:
        gold.apply(table, sealed)
        after_step(f"gold {table}")
        return gold.version_of(table)

    versions = warehouse.together([partial(apply, table) for table in tables])
    after_step("gold")
    reported = ("rows", "inserted", "updated", "deleted", "changes")
    return sealed, {
        table: {
            **{field: sealed["tables"][table][field] for field in reported},
            "tableVersion": version,
        }
        for table, version in zip(tables, versions, strict=True)
    }


def _newest_before(lake: Lake, batch: Batch) -> dict[str, str]:
    """The newest event time of each source, as the last batch that was processed carries it on."""
    for number in range(batch.number - 1, 0, -1):
        document = lake.find(f"{batch_folder(batch.pipeline, number)}/process.json")
        if document is not None:
            newest: dict[str, str] = document["newestEventAt"]
            return newest
    return {}


def _request(arguments: list[str]) -> Request:
    parser = argparse.ArgumentParser(prog="process_batch", description=__doc__)
    parser.add_argument("--pipeline", required=True)
    parser.add_argument("--batch", required=True, type=int)
    parser.add_argument("--attempt", required=True, type=int)
    parser.add_argument("--root", required=True)
    parser.add_argument("--catalog", required=True)
    return Request(**vars(parser.parse_args(arguments)))


def _own_frame(error: BaseException) -> str:
    """Where in this package it went wrong: enough to begin with, without the stack."""
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent == Path(__file__).parent
    ]
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "start"


if __name__ == "__main__":
    main()
