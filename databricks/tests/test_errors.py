"""How an error of the user's own files is told."""

from __future__ import annotations

from assay_jobs.errors import InputError


def test_a_mistake_is_told_with_its_file_and_line_as_far_as_they_are_known() -> None:
    whole = InputError("C", "It is wrong.", file="gold/a.sql", line=3)
    assert str(whole) == "gold/a.sql:3: It is wrong."
    assert str(InputError("C", "It is wrong.", file="gold/a.sql")) == "gold/a.sql: It is wrong."
    assert str(InputError("C", "It is wrong.")) == "It is wrong."
    assert whole.args == ("It is wrong.",)
    assert (whole.condition, whole.message, whole.file, whole.line) == (
        "C", "It is wrong.", "gold/a.sql", 3,
    )  # fmt: skip
