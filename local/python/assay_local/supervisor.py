"""Holds the Spark server and the tasks' processes as its children, and ends them with itself.

It reads one JSON object a line from its input and writes one a line to its output. When its input
closes, whoever started it is gone, and everything ends.
"""

import json
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assay_local.lock import Locked, lock
from assay_local.server import NotStarted, SparkServer
from assay_local.settings import Settings
from assay_local.tasks import Ended, Tasks

if TYPE_CHECKING:
    from assay_local.spark import Spark

_CANCEL_POLL_SECONDS = 0.2

_write_lock = threading.Lock()


def say(**message: Any) -> None:
    line = json.dumps(message) + "\n"
    with _write_lock:
        sys.stdout.write(line)
        sys.stdout.flush()


class Supervisor:
    def __init__(self, settings: Settings, server: SparkServer) -> None:
        self._settings = settings
        self._server = server
        self._tasks = Tasks(lambda ended: self._settle(ended))
        self._sessions: dict[str, str] = {}
        self._statements: set[str] = set()
        self._spark: Spark | None = None
        self._is_stopping = False

    def serve(self) -> None:
        threading.Thread(target=self._bring_up, daemon=True).start()
        # Ctrl-C reaches the whole terminal; the service ends this process in its own order.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for line in sys.stdin:
            request = json.loads(line)
            if request["op"] == "stop":
                self._is_stopping = True
                self._tasks.kill_all()
                self._server.stop()
                say(event="stopped")
                os._exit(0)
            self._do(request)
        self._is_stopping = True
        self._tasks.kill_all()
        self._server.kill()
        os._exit(0)

    def _do(self, request: dict[str, Any]) -> None:
        operation = request["op"]
        if operation == "startTask":
            session = str(request["session"])
            self._sessions[str(request["attempt"])] = session
            pid = self._tasks.start(request, self._remote(session))
            say(event="taskStarted", attempt=request["attempt"], pid=pid)
        elif operation == "killTask":
            self._tasks.kill(str(request["attempt"]))
        elif operation == "sql":
            self._statements.add(str(request["id"]))
            self._apart(lambda: self._statement(request))
        elif operation == "cancelSql":
            self._apart(lambda: self._cancel(str(request["id"])))
        else:
            raise ValueError(f"unknown operation {operation}")

    def _bring_up(self) -> None:
        try:
            self._server.start()
            self._server.wait_until_ready()
            # Only here: pyspark takes 0.5 s and more, and the server needs the processor first.
            from assay_local.spark import Spark

            self._spark = Spark(self._settings, self._server.port)
            tables, lost_views = self._spark.register_tables()
            for view in lost_views:
                say(event="log", message=f"The view {view} cannot be made anew: what it reads is gone or has changed.")
            say(event="ready", port=self._server.port, pid=self._server.pid, tables=tables)
        except Exception as error:
            say(event="failed", message=str(error))
            self._server.kill()
            os._exit(1)
        if self._settings.warm_up:
            self._apart(self._warm_up)
        self._server.wait()
        if self._is_stopping:
            return
        # A task without its server can only wait: what is left is begun anew, from nothing.
        self._tasks.kill_all()
        say(event="failed", message=f"Spark ended by itself: see {self._settings.spark_log}.")
        os._exit(1)

    def _warm_up(self) -> None:
        self._ready().warm_up(lambda: self._tasks.is_idle)
        say(event="warm")

    def _settle(self, ended: Ended) -> None:
        """The task's process is gone; it has ended once its session has."""
        session = self._sessions.pop(ended.attempt)
        try:
            interrupted = self._ready().sessions.release(session)
        except Exception as error:
            # Nothing else proves that the session commits nothing: end the server itself.
            say(event="log", message=f"Session {session} could not be released: {error}")
            self._server.kill()
            return
        say(
            event="taskEnded",
            attempt=ended.attempt,
            exitCode=ended.exit_code,
            error=ended.error,
            trace=ended.trace,
            interrupted=interrupted,
        )
        self._apart(self._ready().remember_views)

    def _statement(self, request: dict[str, Any]) -> None:
        try:
            answer = self._ready().statement(request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}", "condition": None}
        self._statements.discard(str(request["id"]))
        say(event="statement", id=request["id"], **answer)
        self._ready().sessions.release(str(request["id"]))

    def _cancel(self, statement: str) -> None:
        """Again and again: an interrupt finds nothing while the statement is still on its way, and nothing tells that
        it has arrived."""
        while statement in self._statements:
            self._ready().sessions.interrupt(statement)
            time.sleep(_CANCEL_POLL_SECONDS)

    def _ready(self) -> "Spark":
        if self._spark is None:
            raise NotStarted("Spark is not ready yet.")
        return self._spark

    def _remote(self, session: str) -> str:
        return f"sc://127.0.0.1:{self._server.port}/;session_id={session};user_id=assay"

    def _apart(self, work: Callable[[], object]) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception as error:
                if self._is_stopping:
                    return
                say(event="log", message=f"{type(error).__name__}: {error}")

        threading.Thread(target=guarded, daemon=True, name=str(uuid.uuid4())).start()


def main() -> None:
    settings = Settings.parse(sys.argv[1])
    try:
        held = lock(settings.own_dir / "spark.lock")
    except Locked as error:
        say(event="locked", message=str(error))
        return
    say(event="held")
    Supervisor(settings, SparkServer(settings, held)).serve()


if __name__ == "__main__":
    main()
