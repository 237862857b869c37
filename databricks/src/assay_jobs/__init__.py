"""Assay's jobs: what runs on Databricks, and on the laptop's Spark alike."""

import time

__version__ = "0.1.0"

# `seconds.start` of a batch counts from here: importing Spark's client is a good part of it.
STARTED = time.monotonic()
