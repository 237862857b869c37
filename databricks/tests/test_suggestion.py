from __future__ import annotations

from assay_jobs.suggestion import nearest, suggestion


def test_a_near_word_is_asked_for_and_else_all_are_told() -> None:
    assert suggestion("late_aftr", ["hub", "late_after"]) == "Did you mean late_after?"
    assert suggestion("zzz", ["a", "b"]) == "Write one of a, b."
    assert suggestion("zzz", ["a"]) == "Write a."
    assert suggestion("zzz", []) == "Remove it."


def test_a_word_is_near_whatever_the_case_of_its_letters() -> None:
    assert nearest("LATEAFTER", ["hub", "lateAfter"]) == "lateAfter"
    assert nearest("ab", ["AB", "Ab"]) == "AB"
    assert nearest("zzz", ["hub"]) is None
