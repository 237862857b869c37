"""Contracts as the job reads them, each mistake at its place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assay_jobs.contract.grammar import find_mistakes


def check_contracts(contracts: list[Any]) -> dict[str, Any]:
    return {
        "mistakes": [
            {"contract": index, **asdict(mistake), "path": list(mistake.path)}
            for index, schema in enumerate(contracts)
            for mistake in find_mistakes(schema)
        ]
    }
