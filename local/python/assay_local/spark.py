"""What the supervisor itself asks of the Spark server. Imports pyspark: load it late."""

from collections.abc import Callable
from typing import Any, cast

from pyspark.sql import SparkSession
from pyspark.sql.connect.session import SparkSession as ConnectSession

from assay_local import statements, tables, views, warmup
from assay_local.sessions import USER, Sessions
from assay_local.settings import Settings

_THREADS = "SELECT java_method('java.lang.Thread', 'getAllStackTraces') AS threads"


class Spark:
    def __init__(self, settings: Settings, port: int) -> None:
        self._settings = settings
        self._port = port
        self._own = self._open()
        self.sessions = Sessions(port, self._thread_names)

    def register_tables(self) -> tuple[int, list[str]]:
        """How many tables there are, and the names of the views that could not be made anew."""
        count = tables.register(self._own, self._settings.warehouse)
        return count, views.restore(self._own, self._settings.own_dir)

    def remember_views(self) -> None:
        views.remember(self._own, tables.schemas(self._settings.warehouse), self._settings.own_dir)

    def warm_up(self, is_idle: Callable[[], bool]) -> None:
        warmup.warm_up(self._own, self._settings.own_dir / "warm-up", is_idle)

    def statement(self, request: dict[str, Any]) -> dict[str, Any]:
        """The statement's id is its session's: who cancels it needs no other name."""
        return statements.execute(self._open(str(request["id"])), request)

    def _open(self, session: str | None = None) -> SparkSession:
        url = f"sc://127.0.0.1:{self._port}/;user_id={USER}"
        if session:
            url += f";session_id={session}"
        return cast(SparkSession, ConnectSession.builder.remote(url).create())

    def _thread_names(self) -> str:
        """Every thread of the server. In local mode the query runs in the server's own JVM."""
        return str(self._own.sql(_THREADS).collect()[0][0])
