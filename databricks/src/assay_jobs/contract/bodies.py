"""Bodies of events as JSON values, or why a body is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from assay_jobs import quoting as q

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Split = Literal["array", "records"]
# RFC 8259, 8.1: nobody may write it, and a reader may ignore it. Tools on Windows write it.
BYTE_ORDER_MARK = "X'EFBBBF'"
# What an escape of half a UTF-16 pair looks like, before the whole pairs and the backslashes that
# stand for themselves are taken away. Spark would read each half as a question mark.
SURROGATE = q.text(r"\\u[dD][89a-fA-F]")
WHOLE_PAIRS = q.text(r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def read_bodies(rows: DataFrame, nonce: str, split: Split | None = None) -> DataFrame:
    """Rows with a `_body`: their `_value`, or in `_unread` the reason why there is none. `split`:
    a row for each item, numbered from 1 in `_item`; what cannot be split is one row, `_item` 0.

    The sentinel behind the body proves that it was read to its end: Spark ignores whatever follows
    the first value."""
    closing = f',"{nonce}"]'
    without_mark = (
        f"CASE WHEN startswith(_body, {BYTE_ORDER_MARK}) THEN substring(_body, 4) ELSE _body END"
    )
    parsed = f"try_parse_json(concat('[', _text, {q.text(closing)}))"
    whole = (
        f"try_variant_get(_read, '$[1]', 'string') <=> {q.text(nonce)} "
        "AND variant_get(_read, '$[2]', 'variant') IS NULL"
    )
    read = (
        rows.selectExpr(
            "*", f"CASE WHEN is_valid_utf8(_body) THEN CAST({without_mark} AS string) END AS _text"
        )
        .selectExpr("*", f"{parsed} AS _read")
        .selectExpr(
            "*", f"CASE WHEN {whole} THEN variant_get(_read, '$[0]', 'variant') END AS _value"
        )
        .selectExpr("*", f"{_why_unread(nonce)} AS _unread")
        .drop("_read", "_text")
    )
    return read if split is None else _split(read, split)


def _why_unread(nonce: str) -> str:
    half = (
        f"_text RLIKE {SURROGATE} AND regexp_replace(_text, {WHOLE_PAIRS}, ' ') RLIKE {SURROGATE}"
    )
    # Readers that take what `try_parse_json` refuses tell more about what is wrong.
    keys = "json_object_keys(_text)"
    return (
        "CASE WHEN _body IS NULL THEN 'body: absent' "
        "WHEN _text IS NULL THEN 'body: not UTF-8' "
        f"WHEN _value IS NOT NULL THEN CASE WHEN {half} THEN 'body: half a surrogate pair' END "
        "WHEN try_parse_json(_text) IS NOT NULL THEN 'body: more behind its JSON value' "
        f"WHEN size({keys}) > size(array_distinct({keys})) THEN 'body: a property twice' "
        "ELSE 'body: not JSON' END"
    )


def _split(read: DataFrame, split: Split) -> DataFrame:
    path, whole = ("$", "array") if split == "array" else ("$.records", "list of records")
    is_list = f"startswith(schema_of_variant(variant_get(_value, '{path}', 'variant')), 'ARRAY<')"
    items = f"try_variant_get(_value, '{path}', 'array<variant>')"
    why = (
        f"CASE WHEN _unread IS NOT NULL THEN _unread "
        f"WHEN NOT coalesce({is_list}, false) THEN {q.text(f'body: no {whole}')} "
        f"WHEN size({items}) = 0 THEN {q.text(f'body: an empty {whole}')} END"
    )
    kept = [each for each in read.columns if each not in ("_value", "_unread", "_body")]
    return (
        read.selectExpr(*kept, "_body", "_value", f"{why} AS _unread")
        .selectExpr(
            *kept,
            "_body",
            "_unread",
            f"explode(CASE WHEN _unread IS NULL THEN transform({items}, (each, at) -> "
            "named_struct('at', at + 1, 'value', each)) "
            "ELSE array(named_struct('at', 0, 'value', parse_json('null'))) END) AS _each",
        )
        .selectExpr(
            *kept,
            "_unread",
            "_each.at AS _item",
            "_each.value AS _value",
            # Of an item its own text: the others of its event have rows of their own.
            "CASE WHEN _unread IS NULL THEN CAST(to_json(_each.value) AS binary) ELSE _body END "
            "AS _body",
        )
    )
