"""Sessions of the Spark server by their id: ending one, and knowing that it has ended.

A request to end a session is only a request: the thread that runs a MERGE notices it later, and
may commit in between. So the operations that were interrupted are remembered, and the session
counts as ended when the server has no thread for any of them.
"""

import time
from collections.abc import Callable

import grpc
from pyspark.sql.connect.proto import base_pb2 as proto
from pyspark.sql.connect.proto.base_pb2_grpc import SparkConnectServiceStub

USER = "assay"
_CALL_SECONDS = 20.0
_QUIET_SECONDS = 60.0
_POLL_SECONDS = 0.1
_THREAD_PREFIX = "SparkConnectExecuteThread_opId="

ThreadNames = Callable[[], str]


class SessionNotEnded(Exception):
    """The server did not confirm that nothing of the session runs any more."""


class Sessions:
    def __init__(self, port: int, threads: ThreadNames) -> None:
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._stub = SparkConnectServiceStub(channel)  # type: ignore[no-untyped-call]
        self._threads = threads

    def interrupt(self, session: str) -> list[str]:
        """Ends what the session runs. Makes the session known to the server if it was not."""
        request = proto.InterruptRequest(
            session_id=session,
            user_context=proto.UserContext(user_id=USER),
            interrupt_type=proto.InterruptRequest.INTERRUPT_TYPE_ALL,
        )
        return list(self._stub.Interrupt(request, timeout=_CALL_SECONDS).interrupted_ids)

    def release(self, session: str) -> int:
        """Ends the session for good and says how many operations it was still running.

        A released id is never accepted again, also not from a request that is still on its way:
        the interrupt before it made sure that the server knows the id.
        """
        try:
            operations = self.interrupt(session)
            self._stub.ReleaseSession(
                proto.ReleaseSessionRequest(session_id=session, user_context=proto.UserContext(user_id=USER)),
                timeout=_CALL_SECONDS,
            )
        except grpc.RpcError as error:
            if "SESSION_CLOSED" in str(error):
                return 0
            raise SessionNotEnded(str(error)) from error
        self._wait_for_quiet(operations)
        return len(operations)

    def _wait_for_quiet(self, operations: list[str]) -> None:
        deadline = time.monotonic() + _QUIET_SECONDS
        while operations:
            names = self._threads()
            operations = [one for one in operations if f"{_THREAD_PREFIX}{one}" in names]
            if operations and time.monotonic() > deadline:
                raise SessionNotEnded(f"Operations {operations} still run.")
            if operations:
                # The server tells nobody that a thread of it has ended.
                time.sleep(_POLL_SECONDS)
