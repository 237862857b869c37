"""The job `process_batch`: one batch through silver and gold in one session.

process_batch --pipeline=flights --batch=7 --attempt=1 --root=/Volumes/… --catalog=…
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from . import STARTED
from .errors import InputError
from .request import read_request
from .runner import run
from .spark_errors import sentence
from .warehouse import Warehouse


def main() -> None:
    request = read_request(sys.argv[1:], __doc__)
    # pyspark would write each failed query to stderr once more, as JSON.
    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True
    try:
        spark = SparkSession.builder.getOrCreate()
        has_vectors = request.deletion_vectors == "true"
        warehouse = Warehouse(spark, request.catalog, request.pipeline, has_vectors)
        run(warehouse, request, started=STARTED)
    except InputError as error:
        sys.exit(f"{error.condition}: {error}")
    except Exception as error:
        sys.exit(f"{type(error).__name__} at {_own_frame(error)}: {sentence(error)}")


def _own_frame(error: BaseException) -> str:
    """Where in this package it went wrong: enough to begin with, without the stack."""
    package = Path(__file__).parent
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if package in Path(frame.filename).parents
    ]
    if not own:
        return "start"
    return f"{Path(own[-1].filename).relative_to(package)}:{own[-1].lineno}"


if __name__ == "__main__":
    main()
