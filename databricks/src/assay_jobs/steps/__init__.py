"""The steps of a batch in their order, each one function; the runner names, times and reports them.

A step is safe to repeat from any point, and asks `attempt.points` before each change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from assay_jobs.attempt import Attempt

from .gold import refresh_gold
from .silver import refine_silver

StepName = Literal["silver", "gold"]

STEPS: dict[StepName, Callable[[Attempt], None]] = {
    "silver": refine_silver,
    "gold": refresh_gold,
}
