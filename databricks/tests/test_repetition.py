"""How long a text may be for a pattern. The numbers beside each are those of characters at which
interpreted Java 17 overflowed a stack of 1 MB."""

from __future__ import annotations

import pytest

from assay_jobs.contract import find_mistakes, read_contract
from assay_jobs.contract.patterns import PatternError
from assay_jobs.contract.repetition import longest_text

OVERFLOWS = {
    "^([A-Z]|-)+$": 1204,
    r"^(?:[a-z0-9]+\.)*[a-z]+$": 2809,
    "^([A-Za-z0-9]+[ ,]?)+$": 2807,
    "^((a|b)|(c|d))+$": 719,
    "^((((a|b))))+$": 581,
    "^((((((((a|b))))))))+$": 344,
    "^(a|bc|def)*$": 1204,
    "^(?:a?b?c?)*$": 1215,
    "^(?:(?:a|b)+,)*$": 1197,
    "^(a(?=b)|b(?!c))+$": 1018,
    "^(?:(?:(?:a|b)?(?:c|d)?)*(?:e|f)?)*$": 654,
    "^(a*?b*?c*?d*?)+?$": 656,
}


@pytest.mark.parametrize(("pattern", "overflows"), OVERFLOWS.items(), ids=OVERFLOWS.keys())
def test_a_text_for_a_repeated_group_needs_two_thirds_of_the_stack_at_most(
    pattern: str, overflows: int
) -> None:
    longest = longest_text(pattern)
    assert longest is not None
    assert overflows / 15 < longest < overflows * 2 / 3


@pytest.mark.parametrize(
    "pattern",
    ["^[A-Z]+$", r"^\d{4}(-\d\d)?$", r"^(?:\d{1,3}\.){3}\d{1,3}$", r"^\(+a\)*$", "[(]+", "(ab){9}"],
)
def test_a_pattern_without_endless_groups_takes_any_text(pattern: str) -> None:
    assert longest_text(pattern) is None


@pytest.mark.parametrize("pattern", ["(" * 40 + "a" + ")" * 40 + "+", "(?:a{3}b{3}){400}" * 20])
def test_a_pattern_that_no_text_would_be_short_enough_for_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        longest_text(pattern)
    [mistake] = find_mistakes({"properties": {"a": {"type": "string", "pattern": pattern}}})
    assert mistake.message == "the pattern repeats groups that are too long to be matched"


def test_the_length_is_a_rule_of_its_own_before_the_pattern() -> None:
    contract = read_contract({"properties": {"a": {"type": "string", "pattern": "^(a|b)*$"}}})
    reasons = [rule.reason for rule in contract.properties[0].rules]
    assert reasons == ["a: more than 698 characters for its pattern", "a: pattern ^(a|b)*$"]
