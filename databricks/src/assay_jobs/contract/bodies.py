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
# A number with an exponent, or with more digits than a decimal has, is a double to Spark: it may be
# another number by then. The character in front keeps out most texts that only look like one.
INEXACT = q.text(r"[:\[,\s]-?(?:[0-9.]{39}|[0-9.]+[eE])")
TEXT_OR_NUMBER = q.text(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"|(-?[0-9][-+.0-9eE]*+)')
AS_TEXT = q.text('"$1$2"')
# As strict as `try_parse_json`, but that a property may be there twice.
STRICT = "map('allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false')"


def read_bodies(rows: DataFrame, nonce: str, split: Split | None = None) -> DataFrame:
    """Rows with a `_body`: their `_value`, or in `_unread` the reason why there is none. `_digits`:
    the value with its numbers as the texts that they are, where one of them may be inexact; it
    costs another parse of such a body. `split`: a row for each item, numbered from 1 in `_item`;
    what cannot be split is one row, `_item` 0.

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
        .selectExpr(
            "*",
            f"CASE WHEN _value IS NOT NULL AND _text RLIKE {INEXACT} THEN "
            f"try_parse_json(regexp_replace(_text, {TEXT_OR_NUMBER}, {AS_TEXT})) END AS _digits",
            f"{_why_unread(closing, nonce)} AS _unread",
        )
        .drop("_read", "_text")
    )
    return read if split is None else _split(read, split)


def _why_unread(closing: str, nonce: str) -> str:
    half = (
        f"_text RLIKE {SURROGATE} AND regexp_replace(_text, {WHOLE_PAIRS}, ' ') RLIKE {SURROGATE}"
    )
    # Readers that take what `try_parse_json` refuses tell more about what is wrong.
    values = f"from_json(concat('[', _text, {q.text(closing)}), 'array<string>', {STRICT})"
    return (
        "CASE WHEN _body IS NULL THEN 'body: absent' "
        "WHEN _text IS NULL THEN 'body: not UTF-8' "
        f"WHEN _value IS NOT NULL THEN CASE WHEN {half} THEN 'body: half a surrogate pair' END "
        "WHEN try_parse_json(_text) IS NOT NULL THEN 'body: more behind its JSON value' "
        f"WHEN get({values}, 1) = {q.text(nonce)} THEN 'body: a property twice' "
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
    kept = [each for each in read.columns if each not in ("_value", "_digits", "_unread", "_body")]
    digits = f"coalesce(try_variant_get(_digits, '{path}', 'array<variant>'), array())"
    return (
        read.selectExpr(*kept, "_body", "_value", "_digits", f"{why} AS _unread")
        .selectExpr(
            *kept,
            "_body",
            "_unread",
            f"posexplode(CASE WHEN _unread IS NULL THEN zip_with({items}, {digits}, "
            "(value, digits) -> named_struct('value', value, 'digits', digits)) "
            "ELSE array(named_struct('value', parse_json('null'), "
            "'digits', CAST(NULL AS variant))) END) AS (_at, _each)",
        )
        .selectExpr(
            *kept,
            "_unread",
            "if(_unread IS NULL, _at + 1, 0) AS _item",
            "_each.value AS _value",
            "_each.digits AS _digits",
            # Of an item its own text: the others of its event have rows of their own.
            "CASE WHEN _unread IS NULL THEN CAST(to_json(_each.value) AS binary) ELSE _body END "
            "AS _body",
        )
    )
