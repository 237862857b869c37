"""Values of Python as SQL, letter by letter: a letter too few is an injection."""

from __future__ import annotations

import pytest

from assay_jobs import quoting as q


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("a",), "`a`"),
        (("a", "b c", "d"), "`a`.`b c`.`d`"),
        (("a`b",), "`a``b`"),
        (("$", "{a}"), "`$`.`{a}`"),
    ],
)
def test_a_name_stands_in_backticks(parts: tuple[str, ...], name: str) -> None:
    assert q.name(*parts) == name


def test_a_name_that_spark_would_replace_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a name with \$\{ would be replaced by Spark"):
        q.name("a", "b${c}")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "''"),
        ("a b", "'a b'"),
        ("it's", r"'it\'s'"),
        ("a\\b", r"'a\\b'"),
        ("a\nb\rc\x00d", r"'a\nb\rc\0d'"),
        ("${env:HOME}", r"'\u0024{env:HOME}'"),
        ("$ {", "'$ {'"),
        ("\\'\\n", r"'\\\'\\n'"),
    ],
)
def test_a_text_is_one_literal_of_its_letters(value: str, text: str) -> None:
    assert q.text(value) == text
    assert q.literal(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, "0L"),
        (7, "7L"),
        (-7, "(-7L)"),
        (2**63 - 1, "9223372036854775807L"),
        (2**63, "9223372036854775808BD"),
        (-(2**63) + 1, "(-9223372036854775807L)"),
        (-(2**63), "-9223372036854775808BD"),
        (10**38 - 1, "9" * 38 + "BD"),
        (10**38, f"CAST('{10**38}' AS DOUBLE)"),
        (-(10**38), f"CAST('-{10**38}' AS DOUBLE)"),
        (1.5, "CAST('1.5' AS DOUBLE)"),
        (-1e300, "CAST('-1e+300' AS DOUBLE)"),
    ],
)
def test_a_number_has_the_type_that_holds_it(value: float, number: str) -> None:
    assert q.number(value) == number
    assert q.literal(value) == number


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="a number in a contract must be finite"):
        q.number(value)


def test_null_and_truth_are_words() -> None:
    assert [q.literal(each) for each in (None, True, False)] == ["NULL", "true", "false"]
    assert q.listed(["a", "b", "c"]) == "a, b, c"
    assert q.listed([]) == ""
