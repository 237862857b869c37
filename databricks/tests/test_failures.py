"""Whose fault an error of Spark is."""

from __future__ import annotations

import pytest
from pyspark.errors import PySparkException

from assay_jobs.errors import InputError
from assay_jobs.failures import blaming


class StateError(PySparkException):
    def __init__(self, state: str) -> None:
        super().__init__(f"of state {state}")
        self.state = state

    def getSqlState(self) -> str:  # noqa: N802
        return self.state


@pytest.mark.parametrize("state", ["22012", "42703", "42P01", "21000"])
def test_what_the_author_wrote_is_her_mistake(state: str) -> None:
    with pytest.raises(InputError) as error, blaming("gold/a.sql"):
        raise StateError(state)
    assert state in error.value.message and error.value.file == "gold/a.sql"


@pytest.mark.parametrize("state", ["42501", "XX000", "58030", ""])
def test_what_the_platform_lacks_is_not_her_mistake(state: str) -> None:
    with pytest.raises(StateError), blaming("gold/a.sql"):
        raise StateError(state)
