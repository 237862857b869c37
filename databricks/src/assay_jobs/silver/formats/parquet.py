"""A look at the footer of a Parquet file: its columns, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from .fault import FileFaultError
from .opening import is_of_storage, opened_plain

PARQUET = b"PAR1"


def schema_of_parquet(path: Path) -> str:
    with opened_plain(path, PARQUET, "Parquet") as file:
        # Loaded here: it takes a third of a second that no other batch should pay.
        import pyarrow
        import pyarrow.parquet

        try:
            schema = pyarrow.parquet.read_schema(file)
            # Writers' notes, such as the number of rows, differ from file to file.
            shown: str = schema.to_string(
                truncate_metadata=False, show_field_metadata=False, show_schema_metadata=False
            )
            return shown
        except (pyarrow.ArrowException, ValueError, OSError) as error:
            if is_of_storage(error):
                raise
            raise FileFaultError("its Parquet is damaged", "Drop the whole file") from error
