"""`python -m assay_jobs.check_contracts`: contracts as the job reads them, checked without Spark.

stdin:  {"contracts": [schema, …]}
stdout: {"mistakes": [{"contract": index, "path": [key, …], "message", "instead"}]}
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from .contract import read_contract
from .errors import InputError

INSTEAD = {
    "pattern": r"write it with classes such as [A-Z], \d, \w and \s, and groups (…), (?:…), "
    "(?=…) and (?!…)"
}


@dataclass(frozen=True)
class Mistake:
    contract: int
    path: list[str]
    message: str
    instead: str


def check(request: dict[str, Any]) -> dict[str, Any]:
    return {
        "mistakes": [
            asdict(mistake)
            for index, schema in enumerate(request["contracts"])
            for mistake in _of_contract(index, schema)
        ]
    }


def _of_contract(index: int, schema: dict[str, Any]) -> Iterator[Mistake]:
    """Each keyword by itself, so that all mistakes are found, each at its place; then the whole."""
    is_right = True
    for name, keywords in schema.get("properties", {}).items():
        for keyword, value in sorted(keywords.items(), key=lambda each: each[0] != "type"):
            alone = {"type": keywords.get("type"), keyword: value}
            refusal = _refusal({"properties": {name: alone}})
            if refusal is not None:
                is_right = False
                instead = INSTEAD.get(keyword, "")
                yield Mistake(index, ["properties", name, keyword], refusal, instead)
                if keyword == "type":
                    break
    refusal = _refusal(schema) if is_right else None
    if refusal is not None:
        yield Mistake(index, [], refusal, "")


def _refusal(schema: dict[str, Any]) -> str | None:
    try:
        read_contract(schema)
    except InputError as error:
        return error.message.removeprefix("contract, ").split(": ", 1)[1]
    return None


def main() -> None:
    json.dump(check(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
