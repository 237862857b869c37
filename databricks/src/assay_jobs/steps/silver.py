"""The step `silver`: the input of a batch through each source's log into its table."""

from __future__ import annotations

from functools import partial

from assay_jobs.attempt import Attempt
from assay_jobs.batch import read_batch_sources
from assay_jobs.silver.batch_counts import Counts
from assay_jobs.silver.source import SilverSource
from assay_jobs.silver.tables import create_tables


def refine_silver(attempt: Attempt) -> None:
    warehouse, path = attempt.warehouse, f"{attempt.batch.folder}/silver.json"
    sources = [SilverSource(attempt, each) for each in attempt.batch.definition.sources.values()]
    warehouse.has("silver", "")  # one look for all
    # At each attempt: a repaired definition may bring a source or a property, and gold reads it.
    warehouse.together([partial(create_tables, source) for source in sources])
    # The rows of a batch never change once they are in: an attempt after a mistake in gold, or
    # after a crash, goes on with gold.
    done = attempt.lake.find(path)
    if done is not None:
        attempt.accounts = done["sources"]
        return
    remove_skipped(attempt)
    with_input = [source for source in sources if source.has_input]
    warehouse.together([source.append_log for source in with_input])
    # Read from what was committed, never from what was meant to be.
    counts = Counts(warehouse, with_input)
    warehouse.together([partial(each.mark_without_rows, counts.with_rows) for each in with_input])
    accounted = [source for source in sources if source.has_input or source.gaps]
    attempt.accounts = {source.name: counts.of(source) for source in accounted}
    warehouse.together([partial(each.merge, counts.unreadable) for each in with_input])
    attempt.write("silver.json", path, {"version": 3, "sources": attempt.accounts})


def remove_skipped(attempt: Attempt) -> None:
    """What a skipped batch left behind before its silver step was done, in the tables of its
    sources. A repetition finds nothing more to delete."""
    for number in attempt.previous.skipped:
        for source in read_batch_sources(attempt.lake, attempt.batch.pipeline, number):
            for table in (f"{source}_log", source):
                if attempt.warehouse.has("silver", table):
                    attempt.points.before("silver cleaning", table)
                    path = attempt.warehouse.table("silver", table)
                    attempt.warehouse.commit(f"DELETE FROM {path} WHERE _batch = {number}")
