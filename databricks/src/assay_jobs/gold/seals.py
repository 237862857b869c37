"""The seals of a pipeline: one row a batch in the Delta table `_seals`, which says which attempt's
change sets count. Volumes have no create-once; Delta's commits have one winner."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assay_jobs.attempt import Attempt
from assay_jobs.errors import UnbalancedBooksError
from assay_jobs.lake import Document
from assay_jobs.warehouse import commit_metadata

if TYPE_CHECKING:
    from pyspark.sql import Row

TABLE = "_seals"
# So many batches keep their seals; older ones are deleted as often: the table stays small.
KEPT = 64


class Seals:
    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.warehouse = attempt.warehouse
        self.batch = attempt.batch
        self.path = self.warehouse.table("gold", TABLE)
        self.exists = self.warehouse.has("gold", TABLE)
        self.sealed_since: set[int] = set()
        """Batches with a seal after the last one that was processed; all but ours were skipped."""

    def find(self) -> Document | None:
        """The batch's own seal. Costs O(1): few rows, found by the statistics of their files."""
        if not self.exists:
            return None
        rows = self._rows()
        self.sealed_since = {row["batch"] for row in rows}
        return self._own(rows)

    def append(self, document: Document) -> Document:
        """The seal that counts, ours or another process's that came first."""
        text = json.dumps(document, ensure_ascii=False)
        row = self.warehouse.row(
            "batch bigint, definition string, document string",
            (self.batch.number, document["definition"], text),
        )
        self.attempt.points.before("gold seal")
        application = self.attempt.application(TABLE)
        self.warehouse.append(row.coalesce(1), self.path, application, self.batch.number)
        sealed = self._own(self._rows())
        if sealed is None:
            # Delta dropped the append for a later batch's: only an attempt that comes after the
            # end of its batch can see that.
            self.attempt.points.before("gold seal")
            raise UnbalancedBooksError(f"{self.path} does not hold batch {self.batch.number}")
        return sealed

    def is_latest(self) -> str:
        """A SQL condition: no later batch is sealed."""
        return f"NOT EXISTS (SELECT 1 FROM {self.path} WHERE batch > {self.batch.number})"

    def forget_old(self) -> None:
        if self.batch.number % KEPT == 0:
            self.attempt.points.before("gold cleaning")
            self.warehouse.commit(
                f"DELETE FROM {self.path} WHERE batch <= {self.batch.number - KEPT}"
            )

    def _rows(self) -> list[Row]:
        """Of all batches after the last one that was processed; none is after this one, unless
        this attempt comes late."""
        rows = self.warehouse.rows(
            f"SELECT batch, document FROM {self.path} WHERE batch > {self.attempt.previous.number}"
        )
        later = [row["batch"] for row in rows if row["batch"] > self.batch.number]
        if later:
            self.attempt.points.before("gold seal")
            raise UnbalancedBooksError(
                f"{self.path} holds batch {max(later)} already, in a batch {self.batch.number} "
                "that has not ended: the tables are another incarnation's"
            )
        return rows

    def _own(self, rows: list[Row]) -> Document | None:
        own = [row["document"] for row in rows if row["batch"] == self.batch.number]
        if not own:
            return None
        sealed: Document = json.loads(own[0] if len(own) == 1 else self._first())
        if sealed["incarnation"] != self.batch.incarnation:
            raise UnbalancedBooksError(
                f"{self.path} holds a batch {self.batch.number} of incarnation "
                f"{sealed['incarnation']}: the tables are not this pipeline's"
            )
        return sealed

    def _first(self) -> str:
        """For a platform that ignores an append's transaction: the first row in commit order."""
        history = self.warehouse.rows(f"DESCRIBE HISTORY {self.path} LIMIT 1000")
        mine = commit_metadata(self.batch.number)
        first = min(row["version"] for row in history if row["userMetadata"] == mine)
        [row] = self.warehouse.rows(
            f"SELECT document FROM {self.path} VERSION AS OF {first} "
            f"WHERE batch = {self.batch.number}"
        )
        document: str = row["document"]
        return document
