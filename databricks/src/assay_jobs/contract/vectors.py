"""Bodies with the reasons that they have to get: what the tests judge with open-source Spark, and
what `verify_contract` judges with the engine that a workspace has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Vector:
    name: str
    body: bytes | None
    reason: str | None
    """None: it is accepted."""


def read_vectors() -> tuple[dict[str, Any], list[Vector]]:
    """A contract, and bodies for it."""
    text = files(__package__).joinpath("vectors.json").read_text(encoding="utf-8")
    document = json.loads(text)
    return document["contract"], [
        Vector(each["name"], _body(each), each["reason"]) for each in document["bodies"]
    ]


def _body(vector: dict[str, Any]) -> bytes | None:
    """What is no UTF-8 is written in hexadecimal digits."""
    if "hex" in vector:
        return bytes.fromhex(vector["hex"])
    return None if vector["text"] is None else str(vector["text"]).encode()
