"""An attempt in a thread of its own, which stops where it is told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import Any, NamedTuple

SECONDS = 1_200
"""A machine may be busy: only what hangs takes as long."""


class Place(NamedTuple):
    """Where an attempt is: at a commit point, before the look or the change; or, in the stand-in,
    within a commit, which has read its table and is not made yet."""

    point: str
    moment: str
    subject: str


Hook = Callable[[Place], None]
Work = Callable[[Hook], Any]
Stops = Callable[[Sequence[Place]], bool]
"""Whether an attempt that has passed these places stops at the last one."""


class Running:
    def __init__(self, work: Work) -> None:
        self.passed: list[Place] = []
        self.error: BaseException | None = None
        self.has_ended = False
        self._work = work
        self._stops: Stops | None = None
        self._reached, self._may_go = Event(), Event()
        self._passing = Lock()
        self._thread = Thread(target=self._run, daemon=True)

    def go(self, stops: Stops | None = None) -> None:
        """Until it stops or ends."""
        self._stops = stops
        self._reached.clear()
        if self._thread.ident is None:
            self._thread.start()
        else:
            self._may_go.set()
        if not self._reached.wait(SECONDS):
            raise TimeoutError(f"nothing came after {self.passed[-1:]}")

    def _run(self) -> None:
        try:
            self._work(self._pass)
        except BaseException as error:
            self.error = error
        self.has_ended = True
        self._reached.set()

    def _pass(self, place: Place) -> None:
        with self._passing:
            self.passed.append(place)
            is_stop = self._stops is not None and self._stops(self.passed)
            if is_stop:
                self._stops = None
                self._may_go.clear()
                self._reached.set()
        if is_stop and not self._may_go.wait(SECONDS):
            raise TimeoutError(f"nobody let it go on from {place}")
