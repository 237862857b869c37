"""How claimed files become rows: one file of this folder a format, and one line of this table."""

from collections.abc import Mapping

from .avro import schema_of_avro
from .csv_rows import read_csv_file
from .family import CutFormat, SparkFormat
from .json_rows import read_json_file
from .ndjson_rows import read_ndjson_file
from .parquet import schema_of_parquet
from .reference_rows import read_reference

FORMATS: Mapping[str, CutFormat | SparkFormat] = {
    "csv": CutFormat(read_csv_file, has_fields=True),
    "json": CutFormat(read_json_file),
    "ndjson": CutFormat(read_ndjson_file),
    "reference": CutFormat(read_reference),
    "avro": SparkFormat("avro", schema_of_avro),
    "parquet": SparkFormat("parquet", schema_of_parquet),
}

__all__ = ["FORMATS", "CutFormat", "SparkFormat"]
