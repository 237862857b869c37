"""What mutmut found, as a line of JSON for each mutant. Run in the folder that it ran in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import walk_mutatable_files

# A run that was never made, for want of a test, and those that pytest ended by itself.
SURVIVED, NO_TESTS = 0, (5, 33)


def mutants() -> list[dict[str, Any]]:
    found = []
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        lines = path.read_text().splitlines()
        for name, code in data.exit_code_by_key.items():
            if code is None:
                continue
            is_alive = code == SURVIVED or code in NO_TESTS
            found.append({"file": str(path), "isKilled": not is_alive, **told(name, path, lines)})
    return found


def told(name: str, path: Path, lines: list[str]) -> dict[str, Any]:
    """The line that the mutant changes, and what it becomes."""
    changes = [
        line for line in get_diff_for_mutant(name, path=path).splitlines()
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    before = [line[1:] for line in changes if line.startswith("-")]
    after = [line[1:].strip() for line in changes if line.startswith("+")]
    first = before[0].strip() if before else ""
    at = next((index for index, line in enumerate(lines) if line.strip() == first), -1)
    return {"line": at + 1, "code": first, "change": " ".join(after), "name": name}


if __name__ == "__main__":
    for mutant in mutants():
        sys.stdout.write(json.dumps(mutant) + "\n")
