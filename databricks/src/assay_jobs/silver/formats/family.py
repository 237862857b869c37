"""The two families of formats: cut into rows by this process, or read by Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import Contract

from .row import Row


@dataclass(frozen=True)
class CutFormat:
    """`text_files.py` writes its rows where Spark reads them."""

    read: Callable[[Path, DroppedFile, Contract, dict[str, Any]], Iterator[Row]]
    """The rows of one file; the last argument are the format's options. A fault of the file as a
    whole is raised, perhaps after some of its rows."""
    has_fields: bool = False
    """A row is the texts of its fields; else it is the text of a JSON value."""


@dataclass(frozen=True)
class SparkFormat:
    """`columnar.py` has it read by Spark."""

    spark: str
    """Spark's name for it."""
    schema_of: Callable[[Path], str]
    """What tells files apart that one read cannot take, by a look at the frame of the file without
    its rows. What the look finds wrong is raised as a fault of the file."""
