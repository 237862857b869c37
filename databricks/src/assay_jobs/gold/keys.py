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
# Why a row's key names no document, with the words for it. One event without an optional property
# can make such a row, so it is refused alone.
UNUSABLE = {
    "null": "null",
    "empty": "an empty text",
    "too long": f"too long for a document's id ({MAX_ID_BYTES} bytes) or partition "
    f"({MAX_PARTITION_KEY_BYTES})",
}
# That is the SELECT's fault: nobody can say which of the rows counts.
REPEATED = "repeated"


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
    """One of UNUSABLE, REPEATED or null, for the names that `src/domain/documents.ts` makes.
    `_of_key`: how many rows have the key."""
    parts = key_parts(key, schema)
    # "_" in place of the separator ":", which is no part of a name and stays one byte.
    id_ = f"concat_ws('_', {q.listed(parts[1:] or parts)})"
    is_null = " OR ".join(f"{q.name(each)} IS NULL" for each in key)
    is_empty = " OR ".join(f"{part} = ''" for part in parts)
    return (
        f"CASE WHEN {is_null} THEN 'null' WHEN {is_empty} THEN 'empty' "
        f"WHEN {_is_longer(id_, MAX_ID_BYTES)} OR "
        f"{_is_longer(parts[0], MAX_PARTITION_KEY_BYTES)} THEN 'too long' "
        f"WHEN _of_key > 1 THEN {q.text(REPEATED)} END"
    )


def check_keys(table: GoldTable, found: dict[str, int]) -> None:
    """`found`: for each problem the count of its rows. Where a key itself does not work, data are
    not told: messages of failures are logged and served."""
    problems = {}
    if table.on_unusable_key == "block":
        problems = {why: UNUSABLE[why] for why in UNUSABLE if why in found}
    if REPEATED in found:
        problems[REPEATED] = "repeated"
    if not problems:
        return
    told = [
        f"{words} in {found[why]} row{'' if found[why] == 1 else 's'}"
        for why, words in problems.items()
    ]
    raise InputError(
        "GOLD_KEY_NOT_USABLE",
        f"the key ({', '.join(table.key)}) is {' and '.join(told)}. {_what_to_do(set(problems))}",
        file=table.file,
    )


def _what_to_do(problems: set[str]) -> str:
    ways = []
    if REPEATED in problems:
        ways.append("Group the SELECT by the key, or choose a key that is unique.")
    if problems - {REPEATED}:
        ways.append(
            "Leave such rows out with WHERE, or write on_unusable_key: refuse, which does so."
        )
    return " ".join(ways)


def _is_longer(text: str, limit: int) -> str:
    """As a name, in which each byte that is not safe takes three (`~XX`)."""
    bytes_, safe = f"octet_length({text})", f"regexp_replace({text}, '[^A-Za-z0-9._-]', '')"
    return f"(3 * {bytes_} > {limit} AND 3 * {bytes_} - 2 * octet_length({safe}) > {limit})"
