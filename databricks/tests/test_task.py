"""The program as the Jobs service starts it, and the sample's own SQL."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from statistics import fmean
from typing import Any

from lakes import ALake, flight, flights_gold, flights_sources, gold
from running import CATALOG, Runs

FLIGHTS = [
    flight(origin=origin, delay=delay, distance=distance, date=f"2001/01/{day} 10:00")
    for origin, delay, distance, day in [
        ("DTW", 66, 1750, "01"), ("DTW", -5, 10, "01"), ("DTW", 16, 7, "01"), ("DTW", 15, 7, "02"),
        ("ORD", 1, 3, "01"), ("ORD", 2, 4, "01"),
    ]
]  # fmt: skip
AIRPORTS = (
    "iata,name,city,state,country,latitude,longitude\n"
    '"DTW","Detroit Metropolitan-Wayne County",Detroit,MI,USA,42.21205889,-83.34883583\n'
)


def task(runs: Runs, address: str, batch: int, attempt: int) -> subprocess.CompletedProcess[str]:
    arguments = {
        "pipeline": runs.lake.pipeline, "batch": batch, "attempt": attempt,
        "root": runs.lake.root, "catalog": CATALOG,
    }  # fmt: skip
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("process_batch")),
            *(f"--{name}={value}" for name, value in arguments.items()),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "SPARK_REMOTE": address},
    )


def test_a_mistake_of_the_author_is_one_sentence_on_stderr(
    lake: ALake, runs: Runs, server: tuple[str, Path]
) -> None:
    tables = {
        **flights_gold(),
        "wrong": gold("SELECT\n  orign FROM silver.flights", ["orign"], "wrong"),
    }
    lake.define(flights_sources(), tables)
    batch = lake.batch([lake.slice([*FLIGHTS])], [lake.file(AIRPORTS)])
    done = task(runs, server[0], batch, 1)
    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("UNRESOLVED_COLUMN.WITH_SUGGESTION: gold/wrong.sql:2: ")
    assert lake.read(f"{lake.folder(batch)}/failures/1.json")["line"] == 2


def test_the_samples_gold_is_what_python_makes_of_the_same_flights(
    lake: ALake, runs: Runs, server: tuple[str, Path]
) -> None:
    lake.repair(1, lake.define(flights_sources(), flights_gold()))
    done = task(runs, server[0], 1, 2)
    assert (done.returncode, done.stderr) == (0, "")
    process = lake.read(f"{lake.folder(1)}/process.json")
    report = lake.report(1)
    assert report["attempt"] == 2
    assert report["seconds"]["start"] > 0
    delays = runs.gold("airport_delays", "airport", "day")
    assert set(delays) == {("DTW", "2001-01-01"), ("DTW", "2001-01-02"), ("ORD", "2001-01-01")}
    detroit = delays["DTW", "2001-01-01"]
    assert detroit["p90_delay"] == round(percentile([66, -5, 16], 0.9), 6)
    assert detroit["mean_delay"] == round(fmean([66, -5, 16]), 6)
    assert detroit["share_delayed"] == round(2 / 3, 6)
    assert (detroit["city"], detroit["latitude"]) == ("Detroit", 42.21205889)
    assert delays["ORD", "2001-01-01"]["city"] is None
    route = runs.gold("route_delays", "origin", "destination")["ORD", "LAS"]
    assert (route["flights"], route["mean_distance"], route["p90_delay"]) == (2, 3.5, 1.9)
    changes: list[dict[str, Any]] = lake.changes(process, "airport_delays")
    [change] = [each for each in changes if each["key"] == ["ORD", "2001-01-01"]]
    assert change["op"] == "upsert" and change["value"]["city"] is None


def test_a_batch_that_is_not_there_is_told_without_a_stack(
    lake: ALake, runs: Runs, server: tuple[str, Path]
) -> None:
    done = task(runs, server[0], 99, 1)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "batches/0000000099/manifest.json is not in the lake" in line


def test_a_batch_that_was_processed_is_not_processed_again(lake: ALake, runs: Runs) -> None:
    process = runs.run(1, 3)
    assert process == lake.read(f"{lake.folder(1)}/process.json")
    assert lake.report(1)["attempt"] == 2


def test_a_batch_of_the_sample_takes_few_statements(lake: ALake, runs: Runs) -> None:
    """Each costs a second or so on a laptop, whatever its size."""
    runs.run(lake.batch([lake.slice([flight(), "broken"], len(FLIGHTS))]))
    report = lake.report(2)
    assert (report["statements"], report["commits"]) == (13, 5)


def test_the_first_batch_of_the_sample_takes_few_statements(runs: Runs, tmp_path: Path) -> None:
    lake = ALake(tmp_path, f"{runs.lake.pipeline}_first")
    lake.define(flights_sources(), flights_gold())
    number = lake.batch([lake.slice([*FLIGHTS])], [lake.file(AIRPORTS)])
    Runs(runs.spark, lake, runs.warehouse).run(number)
    report = lake.report(1)
    assert (report["statements"], report["commits"]) == (26, 12)


def percentile(values: list[int], share: float) -> float:
    """Exact and linearly interpolated."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = ordered[math.floor(at)]
    return low + (ordered[math.ceil(at)] - low) * (at - math.floor(at))
