"""The program that packaging starts once for all pipelines and contracts."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from lakes import AIRPORT, FLIGHT, flights_gold


def check(request: dict[str, Any]) -> Any:
    program = (
        "import sys, runpy; runpy.run_module('assay_jobs.check', run_name='__main__'); "
        "assert not [name for name in sys.modules if name.startswith('pyspark')]"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(request), capture_output=True, text=True
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_all_pipelines_and_contracts_are_checked_at_one_start_without_spark() -> None:
    gold = {"t": {"file": "gold/t.sql", "sql": "SELECT a FROM silver.s", "key": ["b"]}}
    sources = {"flights": FLIGHT, "airports": AIRPORT}
    sample = {"pipeline": "flights", "sources": sources, "gold": flights_gold()}
    answer = check(
        {
            "pipelines": [{"pipeline": "other", "sources": {"s": None}, "gold": gold}, sample],
            "contracts": [FLIGHT, AIRPORT, {"properties": {"a": {"type": "string", "minLen": 1}}}],
        }
    )
    assert answer["pipelines"]["flights"] == {
        "tables": {
            "airport_delays": {"reads": ["silver.airports", "silver.flights"]},
            "route_delays": {"reads": ["silver.flights"]},
        },
        "order": ["airport_delays", "route_delays"],
        "mistakes": [],
        "warnings": [],
    }
    [mistake] = answer["pipelines"]["other"]["mistakes"]
    assert (mistake["file"], mistake["line"]) == ("gold/t.sql", 1)
    assert answer["contracts"]["mistakes"] == [
        {
            "contract": 2,
            "path": ["properties", "a", "minLen"],
            "message": "is an unknown key",
            "instead": "Did you mean minLength?",
        }
    ]


def test_nothing_to_check_has_no_mistakes() -> None:
    assert check({"pipelines": [], "contracts": []}) == {
        "pipelines": {},
        "contracts": {"mistakes": []},
    }
