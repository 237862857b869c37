import os
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from assay_local.tasks import Ended, Tasks

LOCAL_PYTHON = Path(__file__).parents[1]
LONG = 30_000


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "failing.py").write_text(
        "import os, signal\n"
        f"def wordy(): raise ValueError('\\u00e9' * {LONG})\n"
        "def killed(): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(LOCAL_PYTHON), str(tmp_path)]))
    return "failing"


def end_of(package: str, entry_point: str, log: Path) -> Ended:
    ended: Queue[Ended] = Queue()
    request: dict[str, Any] = {"attempt": "1", "package": package, "entryPoint": entry_point}
    Tasks(ended.put).start({**request, "parameters": [], "log": str(log)}, "sc://127.0.0.1:1")
    return ended.get(timeout=60)


def test_a_failure_of_many_words_is_told_and_holds_nobody(package: str, tmp_path: Path) -> None:
    ended = end_of(package, "wordy", tmp_path / "log")
    assert ended.exit_code == 1
    assert ended.error is not None
    assert ended.error.startswith("ValueError: é")
    assert len(ended.error) == LONG


def test_a_task_that_is_killed_before_its_last_word_ends_all_the_same(package: str, tmp_path: Path) -> None:
    ended = end_of(package, "killed", tmp_path / "log")
    assert (ended.exit_code, ended.error, ended.trace) == (-9, None, None)
