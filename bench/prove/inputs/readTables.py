"""Prints tables as JSON, read by delta-rs: {"<table>": [row, ...]}. The arguments are the folder of
the warehouse and the tables, each `<database>/<table>`. A value that JSON cannot say exactly is an
object: {"integer": digits}, {"double": "inf"}, {"bytes": base64}."""

from __future__ import annotations

import base64
import json
import math
import sys
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

# Spark writes instants in a form that Arrow's reader does not take before 1677 and after 2262.
EVENT_AT = "_event_at"


def plain(value: Any) -> Any:
    match value:
        case bool() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else {"double": str(value)}
        case int():
            return {"integer": str(value)}
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case list():
            return [plain(each) for each in value]
        case dict():
            return {name: plain(each) for name, each in value.items()}
    raise TypeError(type(value))


def main() -> None:
    warehouse, *names = sys.argv[1:]
    tables = {}
    for name in names:
        database, table = name.split("/")
        delta = DeltaTable(str(Path(warehouse) / f"{database}.db" / table))
        fields = [field.name for field in delta.schema().fields]
        rows = delta.to_pyarrow_table(columns=[name for name in fields if name != EVENT_AT])
        tables[name] = [plain(row) for row in rows.to_pylist()]
    json.dump(tables, sys.stdout)


main()
