"""Takes a skipped batch out of what is there of a source: of its log, and of its table where the
batch was skipped without rows that it had merged. What these had replaced does not come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .source import log_applications

if TYPE_CHECKING:
    from assay_jobs.attempt import Attempt


def take_out(attempt: Attempt, source: str, number: int) -> None:
    warehouse = attempt.warehouse
    if not warehouse.has("silver", f"{source}_log"):
        return
    log = warehouse.table("silver", f"{source}_log")
    attempt.points.before("silver cleaning", source)
    # An attempt that outlives the skip would append behind the cleaning: Delta drops that as the
    # repetition of these appends of nothing, which it takes in the place of the batch's own.
    for application in log_applications(source):
        nothing = warehouse.sql(f"SELECT * FROM {log} WHERE false")
        warehouse.append(nothing, log, attempt.application(application), number)
    # The log first: a MERGE brings nothing that it does not hold.
    for table in (f"{source}_log", source):
        if warehouse.has("silver", table):
            path = warehouse.table("silver", table)
            warehouse.commit(f"DELETE FROM {path} WHERE _batch = {number}")
