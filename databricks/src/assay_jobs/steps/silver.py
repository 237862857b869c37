"""The step `silver`: the input of a batch through each source's log into its table."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assay_jobs.attempt import Attempt
from assay_jobs.batch import read_batch, read_batch_sources
from assay_jobs.silver.batch_counts import count_as_judged
from assay_jobs.silver.merge import merge
from assay_jobs.silver.source import SilverSource
from assay_jobs.silver.tables import create_tables
from assay_jobs.silver.taking_out import take_out


def refine_silver(attempt: Attempt) -> None:
    warehouse, path = attempt.warehouse, f"{attempt.batch.folder}/silver.json"
    sources = _sources(attempt)
    warehouse.has("silver", "")  # one look for all
    # At each attempt: a repaired definition may bring a source or a property, and gold reads it.
    warehouse.together([partial(create_tables, source) for source in sources])
    with_input = [source for source in sources if source.has_input]
    # The rows of a batch never change once they are in.
    done = attempt.lake.find(path)
    if done is None:
        settle_skipped(attempt)
        warehouse.together([source.append_log for source in with_input])
    # Read from what was committed, never from what was meant to be.
    judged, counts = count_as_judged(warehouse, with_input)
    if done is None:
        warehouse.together([partial(each.mark_without_rows, counts.with_rows) for each in judged])
        without = [each for each in sources if each.gaps and not each.has_input]
        accounts = {source.name: counts.of(source) for source in (*judged, *without)}
        done = {"version": 3, "sources": accounts}
        attempt.write("silver.json", path, done)
    attempt.accounts = done["sources"]
    # Behind the account, so that a batch that is skipped without one has changed nothing; and at
    # each attempt, since the last one may have ended in between.
    warehouse.together([partial(merge, each, counts.unreadable) for each in judged])


def settle_skipped(attempt: Attempt) -> None:
    """What a skipped batch left: where its rows do not count, they go; else its sources get what it
    owes to their tables. A repetition finds nothing more to do."""
    for number in attempt.previous.skipped:
        for source in read_batch_sources(attempt.lake, attempt.batch.pipeline, number):
            take_out(attempt, source, number)
    for number in attempt.previous.accounted:
        # A definition that came for it later may lack its sources. Which one judged its rows, the
        # log says.
        batch = read_batch(attempt.lake, attempt.batch.pipeline, number, is_as_planned=True)
        owing = _with_input(replace(attempt, batch=batch))
        judged, counts = count_as_judged(attempt.warehouse, owing)
        attempt.warehouse.together([partial(merge, each, counts.unreadable) for each in judged])


def _with_input(attempt: Attempt) -> list[SilverSource]:
    batch = attempt.batch
    named = {piece.source for piece in batch.slices} | {file.source for file in batch.files}
    return [
        SilverSource(attempt, each)
        for each in batch.definition.sources.values()
        if each.name in named
    ]


def _sources(attempt: Attempt) -> list[SilverSource]:
    return [SilverSource(attempt, each) for each in attempt.batch.definition.sources.values()]
