"""Whole numbers out of their digits. A double in between would take one number for
another beyond 2^53, and a tiny fraction for 0.

The SQL is of strings alone: a decimal has no room for an exponent, and takes seconds to read a
million digits.
"""

from __future__ import annotations

# A digit other than 0 with so many zeros behind it is beyond 64 bits.
MORE_THAN_64_BITS = 20


def whole_number(text: str) -> str:
    """The bigint; null for a fraction, and beyond 64 bits. `text`: the SQL of a number as JSON
    writes it, or with a `+`."""
    all_digits, places = _all_digits(text), _places(text)
    length = f"CAST(least({places}, length({all_digits}) + {MORE_THAN_64_BITS}) AS int)"
    sign = f"if(startswith({text}, '-'), '-', '')"
    return (
        f"CASE WHEN {_significant(text)} = 0 THEN 0L WHEN {is_whole(text)} "
        f"THEN try_cast(concat({sign}, rpad({all_digits}, {length}, '0')) AS bigint) END"
    )


def is_whole(text: str) -> str:
    """Whether the number is an integer by JSON Schema: 1.0, 5e0 and 150e-1 are."""
    significant = _significant(text)
    return f"({significant} = 0 OR {_places(text)} >= {significant})"


def _mantissa(text: str) -> str:
    return f"ltrim('+-', split_part(lower({text}), 'e', 1))"


def _all_digits(text: str) -> str:
    return f"replace({_mantissa(text)}, '.', '')"


def _significant(text: str) -> str:
    """How many digits there are up to the last that is not 0."""
    return f"length(rtrim('0', {_all_digits(text)}))"


def _places(text: str) -> str:
    """How many of the digits stand before the point, once the exponent has moved it. A double: an
    exponent may be of any length."""
    exponent = f"coalesce(try_cast(split_part(lower({text}), 'e', 2) AS double), 0D)"
    return f"({exponent} + length(split_part({_mantissa(text)}, '.', 1)))"
