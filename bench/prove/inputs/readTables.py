"""Prints tables as JSON, read by delta-rs: {"<table>": [row, ...]}. The arguments are the folder of
the warehouse and the tables, each `<database>/<table>`. A value that JSON cannot say exactly is an
object: {"integer": digits}, {"bytes": base64}, {"instant": text}."""

from __future__ import annotations

import base64
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from deltalake import DeltaTable


def plain(value: Any) -> Any:
    match value:
        case bool() | str() | float() | None:
            return value
        case int():
            return {"integer": str(value)}
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case dt.datetime():
            return {"instant": value.astimezone(dt.UTC).isoformat()}
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
        rows = DeltaTable(str(Path(warehouse) / f"{database}.db" / table)).to_pyarrow_table()
        tables[name] = [plain(row) for row in rows.to_pylist()]
    json.dump(tables, sys.stdout)


main()
