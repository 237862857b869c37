"""How the change set of a gold table is found. A mode is one function from a candidate to rows of
`op` ("upsert" | "delete" | "refused"), `key`, `isNew`, `reason` (of a refused row: what is wrong
with its key) and `value` (a struct of the columns; of an upsert only). Writing, sealing and
applying change sets is shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import full

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.gold.candidate import Candidate

MODES: dict[str, Callable[[Candidate], DataFrame]] = {"full": full.changes}
