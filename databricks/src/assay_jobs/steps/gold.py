"""The step `gold`: the change sets of all gold tables, sealed by one process and applied."""

from __future__ import annotations

from functools import partial

from assay_jobs.attempt import Attempt
from assay_jobs.gold.apply import apply_changes
from assay_jobs.gold.seals import Seals
from assay_jobs.gold.staging import stage


def refresh_gold(attempt: Attempt) -> None:
    seals = Seals(attempt)
    sealed = seals.find()
    if sealed is None:
        skipped = seals.sealed_since
        sealed = seals.append(stage(attempt, skipped))
    attempt.seal = sealed
    attempt.warehouse.together(
        [partial(apply_changes, attempt, seals, table) for table in sealed["tables"]]
    )
    seals.forget_old()
