"""All combinations over the stand-in, and twelve with real Spark.

python -m two_attempts --seed=7 [--short]

Prints what it does; its last line is JSON: {combinations, real, differences: [..]}.
"""

from __future__ import annotations

import argparse
import json
import os

from assay_jobs.gold import seals

from .scenarios import KEPT
from .shared_out import folder_in_memory, over_stand_in
from .with_spark import with_spark


def main() -> None:
    parser = argparse.ArgumentParser(prog="two_attempts", description=__doc__)
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    seals.KEPT = KEPT
    problems: list[str] = []
    real = combinations = 0
    with over_stand_in(options.seed, options.short) as tried:
        if not options.short:
            # Spark's time is mostly waiting for Spark.
            for text, found in with_spark(options.seed, folder_in_memory()):
                real += 1
                problems += found
                say(f"  with Spark, {real}: {text}{': FAILED' if found else ''}")
        for share in tried:
            combinations += share.combinations
            problems += share.problems
            counts = f"{share.combinations} combinations, {len(share.problems)} with differences"
            say(f"  {share.scenario}: {counts}")
    say(json.dumps({"combinations": combinations, "real": real, "differences": problems}))


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        # Attempts that wait for their turn would be waited for.
        os._exit(1)
