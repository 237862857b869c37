"""Named parameters of a SQL statement, as typed literals in its text.

Spark's own `args` do not arrive: since 4.1 the parser binds them, and Delta's parser extension
(4.4.0) does not pass them on (UNBOUND_SQL_PARAMETER for every name).
"""

import re
from typing import Any

from sqlglot import Token, TokenType, tokenize

_TYPE = re.compile(r"STRING|BOOLEAN|INT|BIGINT|DOUBLE|DECIMAL(\(\d+(, ?\d+)?\))?|DATE|TIMESTAMP")
_PATH_OWNERS = (TokenType.VAR, TokenType.IDENTIFIER, TokenType.R_BRACKET, TokenType.R_PAREN)


def bind(sql: str, parameters: list[dict[str, Any]]) -> str:
    """`:name` becomes `CAST('value' AS TYPE)`; text and comments stay as they are."""
    if not parameters:
        return sql
    literals = {one["name"]: _literal(one) for one in parameters}
    parts: list[str] = []
    copied = 0
    tokens: list[Token] = tokenize(sql, read="databricks")
    for before, colon, name in zip([None, *tokens], tokens, tokens[1:], strict=False):
        if colon.token_type is not TokenType.COLON or name.start != colon.end + 1:
            continue
        # `column:field` is a path into a VARIANT.
        if before is not None and before.token_type in _PATH_OWNERS and before.end + 1 == colon.start:
            continue
        if name.text in literals:
            parts += [sql[copied : colon.start], literals[name.text]]
            copied = name.end + 1
    return "".join([*parts, sql[copied:]])


def _literal(parameter: dict[str, Any]) -> str:
    type_name = str(parameter.get("type") or "STRING").upper()
    if not _TYPE.fullmatch(type_name):
        raise ValueError(f"unknown type {type_name}")
    value = parameter.get("value")
    if value is None:
        return f"CAST(NULL AS {type_name})"
    text = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"CAST('{text}' AS {type_name})"
