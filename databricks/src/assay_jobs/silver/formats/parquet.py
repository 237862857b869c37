"""A look at the footer of a Parquet file: its columns, or what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .fault import FileFaultError
from .opening import is_of_storage, opened_plain

PARQUET = b"PAR1"


def schema_of_parquet(path: Path) -> str:
    with opened_plain(path, PARQUET, "Parquet") as file:
        # Loaded here: it takes a third of a second that no other batch should pay.
        import pyarrow
        import pyarrow.parquet

        try:
            schema = pyarrow.parquet.ParquetFile(file).schema
            # Writers' notes, such as the number of rows, differ from file to file.
            shown: str = schema.to_arrow_schema().to_string(
                truncate_metadata=False, show_field_metadata=False, show_schema_metadata=False
            )
            is_too_fine = any(_is_in_nanoseconds(schema.column(at)) for at in range(len(schema)))
        except (pyarrow.ArrowException, ValueError, OSError) as error:
            if is_of_storage(error):
                raise
            raise FileFaultError("its Parquet is damaged", "Drop the whole file") from error
        if is_too_fine:
            raise FileFaultError(
                "its Parquet has a timestamp in nanoseconds, which Spark does not read",
                "Write it in microseconds, as with coerce_timestamps='us' of pandas and pyarrow",
            )
        return shown


def _is_in_nanoseconds(leaf: Any) -> bool:
    """As pandas writes them. Older writers have another form for it, which Spark reads."""
    logical = json.loads(leaf.logical_type.to_json())
    return bool(logical["Type"] == "Timestamp" and logical["timeUnit"] == "nanoseconds")
