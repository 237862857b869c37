"""The processes of running tasks."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True)
class Ended:
    """How a task's process ended, before its session is looked at."""

    attempt: str
    exit_code: int
    error: str | None
    trace: str | None


class Tasks:
    def __init__(self, ended: Callable[[Ended], None]) -> None:
        self._ended = ended
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def start(self, request: dict[str, Any], remote: str) -> int:
        """To be called from the main thread: Linux ties a child to the thread that started it."""
        # A file and not a pipe: nobody reads while the task runs, and a full pipe would hold it for ever.
        report = tempfile.TemporaryFile()  # noqa: SIM115, closed by whoever reads it
        spec = {
            "parent": os.getpid(),
            "report": report.fileno(),
            "package": request["package"],
            "entryPoint": request["entryPoint"],
            "parameters": request["parameters"],
        }
        log_path = Path(request["log"])
        log_path.parent.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "SPARK_REMOTE": remote, "PYTHONUNBUFFERED": "1"}
        with log_path.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "assay_local.task", json.dumps(spec)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                pass_fds=[report.fileno()],
                start_new_session=True,
            )
        attempt = str(request["attempt"])
        with self._lock:
            self._running[attempt] = process
        threading.Thread(target=self._watch, args=(attempt, process, report), daemon=True).start()
        return process.pid

    def kill(self, attempt: str) -> bool:
        with self._lock:
            process = self._running.get(attempt)
        return process is not None and _kill_group(process.pid)

    @property
    def is_idle(self) -> bool:
        with self._lock:
            return not self._running

    def kill_all(self) -> None:
        with self._lock:
            running = list(self._running.values())
        for process in running:
            _kill_group(process.pid)

    def _watch(self, attempt: str, process: "subprocess.Popen[bytes]", report: IO[bytes]) -> None:
        exit_code = process.wait()
        # What the task started ends with it.
        _kill_group(process.pid)
        with report:
            said = _said(report)
        with self._lock:
            del self._running[attempt]
        self._ended(Ended(attempt, exit_code, said.get("error"), said.get("trace")))


def _said(report: IO[bytes]) -> dict[str, str]:
    """What the task told of its failure; nothing when it was killed before its last word."""
    report.seek(0)
    try:
        said: dict[str, str] = json.loads(report.read())
    except ValueError:
        return {}
    return said


def _kill_group(pid: int) -> bool:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
