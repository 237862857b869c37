"""What the programs of this folder share: a line of JSON says per step what came of it."""

import json
import os
import time
from collections.abc import Callable, Sequence

Step = Callable[[], object]


def setting(name: str) -> str:
    """An endpoint, key or path that the test gives."""
    return os.environ[name]


def run(steps: Sequence[Step]) -> None:
    """Every step runs, whatever became of the ones before; its name is the function's."""
    for step in steps:
        line: dict[str, object] = {"step": step.__name__}
        began = time.monotonic()
        try:
            line["value"] = step()
        except Exception as error:
            line["error"] = refusal_of(error)
        line["seconds"] = round(time.monotonic() - began, 2)
        print(json.dumps(line), flush=True)


def refusal_of(error: Exception) -> dict[str, object]:
    """What the client says: its class, and the service's status and code where it knows them."""
    return {
        "type": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "code": getattr(error, "error_code", None),
        "message": str(error),
    }
