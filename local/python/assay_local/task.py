"""One attempt of a python_wheel_task, in a process of its own: `python -m assay_local.task SPEC`.

Nothing is imported here that the entry point does not need: its start is part of every batch.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module, metadata
from typing import Any

from assay_local.parent import end_with_parent

_LONGEST_REPORT = 30_000  # characters


def entry_point(package: str, name: str) -> Callable[[], Any]:
    """As Databricks does: the name in the package's metadata, else the package's function."""
    try:
        declared = metadata.distribution(package).entry_points
    except metadata.PackageNotFoundError:
        declared = metadata.EntryPoints()
    for point in declared:
        if point.name == name:
            loaded: Callable[[], Any] = point.load()
            return loaded
    function: Callable[[], Any] = getattr(import_module(package), name)
    return function


def failure(error: BaseException) -> dict[str, str]:
    """The exception's last line and the trace, as jobs/runs/get-output splits them."""
    line = "".join(traceback.format_exception_only(error)).strip()
    trace = "".join(traceback.format_exception(error))
    return {"error": line[:_LONGEST_REPORT], "trace": trace[-_LONGEST_REPORT:]}


def run(spec: dict[str, Any]) -> dict[str, str] | None:
    sys.argv = [spec["package"], *spec["parameters"]]
    try:
        entry_point(spec["package"], spec["entryPoint"])()
    except SystemExit as error:
        if error.code in (None, 0):
            return None
        # What Python itself would print at the end: the run's log is where people look first.
        print(error.code, file=sys.stderr)
        return failure(error)
    except BaseException as error:
        traceback.print_exc()
        return failure(error)
    return None


def main() -> None:
    spec = json.loads(sys.argv[1])
    end_with_parent(spec["parent"])
    failed = run(spec)
    sys.stdout.flush()
    sys.stderr.flush()
    if failed is not None:
        with os.fdopen(spec["report"], "wb") as report:
            report.write(json.dumps(failed).encode())
    # Not sys.exit: at a normal exit the Spark client releases its session, which the supervisor
    # does anyway, and waits minutes for a server that is gone.
    os._exit(0 if failed is None else 1)


if __name__ == "__main__":
    main()
