"""A few of the combinations that `npm run prove -- attempts` tries, and the faults that it would
find."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay_jobs.gold import seals
from assay_jobs.gold.seals import Seals
from two_attempts.all_of_them import AllOfThem, Share
from two_attempts.scenarios import GOING, KEPT, SCENARIOS, Scenario
from two_attempts.shared_out import folder_in_memory

# One in so many places of the first attempt, and of what comes with each: seconds for all.
FIRSTS, OTHERS = 12, 10


@pytest.fixture(autouse=True)
def few_seals_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "KEPT", KEPT)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=folder_in_memory()) as name:
        yield Path(name)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_two_attempts_end_as_one(scenario: Scenario, folder: Path) -> None:
    found = list(AllOfThem(scenario, folder).results(Share(FIRSTS, 5), Share(OTHERS, 5)))
    assert found
    assert [str(each) for each in found if each.problems] == []


def test_a_merge_that_does_not_look_for_later_batches_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seals, "is_latest", lambda self: "true")
    problems = [each.problems for each in AllOfThem(GOING, folder).results(Share(5), Share(10))]
    assert any("gold.totals has" in text for texts in problems for text in texts)


def test_a_seal_that_is_not_read_again_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Seals.append

    def appended(self: Seals, document: dict[str, object]) -> dict[str, object]:
        append(self, document)
        return document

    monkeypatch.setattr(Seals, "append", appended)
    problems = [each.problems for each in AllOfThem(GOING, folder).results(Share(5), Share(10))]
    assert any("seal" in text for texts in problems for text in texts)
