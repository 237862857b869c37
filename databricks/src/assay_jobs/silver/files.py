"""Claimed CSV files as rows with their ordinal. A file's name is its stream: a newer file of the
same name stands beside the older, or instead of it, as the source says (`onRedrop`)."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from assay_jobs import quoting as q
from assay_jobs.batch import DroppedFile, Source
from assay_jobs.contract import Contract, check_text
from assay_jobs.lake import JobLake

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from assay_jobs.warehouse import Warehouse

GENERATION = "files"
CORRUPT = "_corrupt"


def current_files(source: Source, files: list[DroppedFile]) -> list[DroppedFile]:
    """Of several files of one name in a batch: the last replaces the others, or the first stays."""
    if source.on_redrop == "append":
        return files
    ordered = files if source.on_redrop == "replace" else files[::-1]
    return list({file.name: file for file in ordered}.values())


def read_files(
    warehouse: Warehouse, lake: JobLake, contract: Contract, files: list[DroppedFile]
) -> DataFrame:
    """One read for all files with the same header; a column is known by its name in the header."""
    by_header: dict[tuple[str, ...], list[DroppedFile]] = {}
    for file in files:
        by_header.setdefault(tuple(_header(Path(lake.path(file.path)))), []).append(file)
    parts = [
        check_text(
            _read(warehouse, header, [_literally(lake.path(file.path)) for file in group]),
            contract,
            header,
            _row_problems(header),
        ).selectExpr("_file", "_sequence", "_body", "_problem", *contract.columns)
        for header, group in by_header.items()
    ]
    rows = parts[0]
    for part in parts[1:]:
        rows = rows.unionByName(part)
    names = q.listed(
        f"({q.text(file.id)}, {q.text(file.name)}, {order})" for order, file in enumerate(files)
    )
    known = warehouse.sql(f"SELECT * FROM VALUES {names} AS known (_file, _partition, _order)")
    return rows.join(known.hint("broadcast"), "_file").selectExpr(
        "*", f"{q.text(GENERATION)} AS _generation", "1 AS _nth_at_position"
    )


def without_redropped(
    rows: DataFrame, warehouse: Warehouse, log: str, batch: int, files: list[DroppedFile]
) -> DataFrame:
    """`onRedrop: reject`: rows of a file whose name came before are quarantined, all of them."""
    names = q.listed(sorted({q.text(file.name) for file in files}))
    first = q.listed(q.text(file.id) for file in {file.name: file for file in files[::-1]}.values())
    seen = warehouse.sql(
        f"SELECT DISTINCT _partition, true AS _seen FROM {log} "
        f"WHERE _batch < {batch} AND _partition IN ({names})"
    )
    columns = [column for column in rows.columns if column != "_problem"]
    return rows.join(seen.hint("broadcast"), "_partition", "left").selectExpr(
        *map(q.name, columns),
        f"CASE WHEN _seen OR _file NOT IN ({first}) THEN 'file: dropped again' "
        "ELSE _problem END AS _problem",
    )


def _literally(path: str) -> str:
    """Spark takes a path for a pattern: a producer's `[1]` would not be found."""
    return re.sub(r"([\\\[\]{}*?])", r"\\\1", path)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return [column.strip() for column in next(csv.reader(file), [])]


def _read(warehouse: Warehouse, header: tuple[str, ...], paths: list[str]) -> DataFrame:
    fields = [f"_text_{index}" for index in range(max(1, len(header)))]
    as_json = f"to_json(struct({q.listed(fields)}))"
    return (
        warehouse.reader.schema(q.listed(f"{field} string" for field in [*fields, CORRUPT]))
        .option("header", True)
        .option("multiLine", True)
        .option("escape", '"')
        .option("encoding", "UTF-8")
        .option("columnNameOfCorruptRecord", CORRUPT)
        .csv(paths)
        # The id is the folder of the file: a name may be percent-encoded in a URI, an id never is.
        .selectExpr(
            "*",
            "element_at(split(_metadata.file_path, '/'), -2) AS _file",
            "monotonically_increasing_id() AS _read_order",
        )
        .selectExpr(
            *fields,
            CORRUPT,
            "_file",
            f"CAST(coalesce({CORRUPT}, {as_json}) AS binary) AS _body",
            # A file read as multiLine is never split, so the ids grow in the order of its rows.
            "CAST(row_number() OVER (PARTITION BY _file ORDER BY _read_order) AS bigint) "
            "AS _sequence",
        )
    )


def _row_problems(header: tuple[str, ...]) -> list[tuple[str, str]]:
    fields = q.listed(f"_text_{index}" for index in range(max(1, len(header))))
    twice = [("header: a column twice", "true")] if len(set(header)) < len(header) else []
    return [
        *twice,
        # Spark reads what is not UTF-8 as the replacement character.
        ("row: not UTF-8", f"contains(concat_ws('', {CORRUPT}, {fields}), '\ufffd')"),
        (f"row: not {len(header)} fields", f"{CORRUPT} IS NOT NULL"),
    ]
