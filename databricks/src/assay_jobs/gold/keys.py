"""The key of a gold row as texts, and why a key cannot name a document."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import types as T  # noqa: N812

from assay_jobs import quoting as q
from assay_jobs.batch import GoldTable
from assay_jobs.errors import InputError

INSTANT = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"
# https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-item-limits
MAX_ID_BYTES = 1023
MAX_PARTITION_KEY_BYTES = 2048
KEY_PROBLEMS = {
    "null": "null",
    "empty": "an empty text",
    "too long": f"too long for a document's id ({MAX_ID_BYTES} bytes) or partition "
    f"({MAX_PARTITION_KEY_BYTES})",
    "repeated": "repeated",
}


def key_parts(key: Sequence[str], schema: T.StructType, side: str = "") -> list[str]:
    types = {field.name: field.dataType for field in schema}
    return [
        f"date_format({side}{q.name(each)}, {q.text(INSTANT)})"
        if isinstance(types[each], T.TimestampType)
        else f"CAST({side}{q.name(each)} AS string)"
        for each in key
    ]


def typed_key(key: Sequence[str], schema: T.StructType) -> list[str]:
    """The key of a change, typed as in the table."""
    types = {field.name: field.dataType.simpleString() for field in schema}
    return [f"CAST(key[{index}] AS {types[name]})" for index, name in enumerate(key)]


def key_problem(key: Sequence[str], schema: T.StructType) -> str:
    """One of KEY_PROBLEMS or null, for the names that `src/domain/documents.ts` makes. `_of_key`:
    how many rows have the key."""
    parts = key_parts(key, schema)
    # "_" in place of the separator ":", which is no part of a name and stays one byte.
    id_ = f"concat_ws('_', {q.listed(parts[1:] or parts)})"
    is_null = " OR ".join(f"{q.name(each)} IS NULL" for each in key)
    is_empty = " OR ".join(f"{part} = ''" for part in parts)
    return (
        f"CASE WHEN {is_null} THEN 'null' WHEN {is_empty} THEN 'empty' "
        f"WHEN {_is_longer(id_, MAX_ID_BYTES)} OR "
        f"{_is_longer(parts[0], MAX_PARTITION_KEY_BYTES)} THEN 'too long' "
        "WHEN _of_key > 1 THEN 'repeated' END"
    )


def refuse_keys(table: GoldTable, found: dict[str, tuple[int, str]]) -> None:
    """`found`: for each problem the count of its rows and one key as an example."""
    problems = []
    for problem, wording in KEY_PROBLEMS.items():
        if problem in found:
            count, example = found[problem]
            rows = "1 row" if count == 1 else f"{count} rows"
            problems.append(f"{wording} in {rows}, for example {example}")
    if problems:
        raise InputError(
            "GOLD_KEY_NOT_USABLE",
            f"the key ({', '.join(table.key)}) is {'; '.join(problems)}: "
            "group by the key, leave such rows out, or choose another",
            file=table.file,
        )


def _is_longer(text: str, limit: int) -> str:
    """As a name, in which each byte that is not safe takes three (`~XX`)."""
    bytes_, safe = f"octet_length({text})", f"regexp_replace({text}, '[^A-Za-z0-9._-]', '')"
    return f"(3 * {bytes_} > {limit} AND 3 * {bytes_} - 2 * octet_length({safe}) > {limit})"
