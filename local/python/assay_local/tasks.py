"""The processes of running tasks."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
        read_end, write_end = os.pipe()
        spec = {
            "parent": os.getpid(),
            "report": write_end,
            "package": request["package"],
            "entryPoint": request["entryPoint"],
            "parameters": request["parameters"],
        }
        log_path = Path(request["log"])
        log_path.parent.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "SPARK_REMOTE": remote, "PYTHONUNBUFFERED": "1"}
        try:
            with log_path.open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "assay_local.task", json.dumps(spec)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    pass_fds=[write_end],
                    start_new_session=True,
                )
        finally:
            os.close(write_end)
        attempt = str(request["attempt"])
        with self._lock:
            self._running[attempt] = process
        threading.Thread(target=self._watch, args=(attempt, process, read_end), daemon=True).start()
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

    def _watch(self, attempt: str, process: "subprocess.Popen[bytes]", report: int) -> None:
        exit_code = process.wait()
        os.set_blocking(report, False)
        try:
            text = os.read(report, 1 << 20)
        except BlockingIOError:
            text = b""  # a child of the task still holds the pipe
        os.close(report)
        # What the task started ends with it.
        _kill_group(process.pid)
        with self._lock:
            del self._running[attempt]
        said = json.loads(text) if text else {}
        self._ended(Ended(attempt, exit_code, said.get("error"), said.get("trace")))


def _kill_group(pid: int) -> bool:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
