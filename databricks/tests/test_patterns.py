"""A pattern's Java text, letter by letter. That both mean the same: test_contract_differential."""

from __future__ import annotations

import pytest

from assay_jobs.contract.patterns import DOT, SPACES, PatternError, to_java


@pytest.mark.parametrize(
    ("pattern", "java"),
    [
        ("", ""),
        ("abc", "abc"),
        ("^a$", r"^a\z"),
        ("a.b", f"a{DOT}b"),
        ("[.$]", "[.$]"),
        (r"\s", f"[{SPACES}]"),
        (r"\S", f"[^{SPACES}]"),
        (r"a\sb\Sc", f"a[{SPACES}]b[^{SPACES}]c"),
        (r"[\s-]x", f"[{SPACES}-]x"),
        (r"[a\s]\S$", rf"[a{SPACES}][^{SPACES}]\z"),
        (r"\d\D\w\W\t\r\n", r"\d\D\w\W\t\r\n"),
        (r"\.\$\\", r"\.\$\\"),
        (r"\x41A\u0041A", r"\x41A\u0041A"),
        ("(?:a)(?=b)(?!c)(d)", "(?:a)(?=b)(?!c)(d)"),
        ("[(?<]", "[(?<]"),
        ("a[b]c[d]e.", f"a[b]c[d]e{DOT}"),
        (r"[\]]a.", rf"[\]]a{DOT}"),
        ("a+?b*?c??d{2}?", "a+?b*?c??d{2}?"),
        (r"a\++", r"a\++"),
    ],
)
def test_a_pattern_is_the_java_pattern_of_the_same_meaning(pattern: str, java: str) -> None:
    assert to_java(pattern) == java


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (r"ab\pL", r"\p is not supported in a pattern"),
        (r"\b", r"\b is not supported in a pattern"),
        ("\\", "\\ is not supported in a pattern"),
        (r"[\S]", r"\S is not supported in a pattern"),
        ("[a[b]", r"write \[ inside a class of a pattern"),
        ("[a&&b]", r"write \& inside a class of a pattern"),
        ("a(?<b)", "(?< is not supported in a pattern"),
        ("(?<bc>d)", "(?< is not supported in a pattern"),
        ("a*+", "possessive quantifiers are not JSON Schema"),
        ("a{2}+", "possessive quantifiers are not JSON Schema"),
        ("a[]", "an empty class is not supported in a pattern"),
        ("[^]", "an empty class is not supported in a pattern"),
        ("a[bc", "a class [ of the pattern is not closed"),
        ("a)", "the pattern is not valid: unbalanced parenthesis at position 1"),
    ],
)
def test_what_java_reads_otherwise_is_refused_by_name(pattern: str, told: str) -> None:
    with pytest.raises(PatternError) as error:
        to_java(pattern)
    assert str(error.value) == told
