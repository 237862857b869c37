"""Stands in for Spark behind `Warehouse`: the job's own statements, run over tables in memory.

It knows the SQL that the job writes, for sources of files, and Delta's rules of commits: versions,
transactions by application, and the refusal of a commit whose table has moved on. What it does not
know it refuses by name.
"""

import os

# As a session of Spark Connect does it: columns are texts then, without a JVM behind them.
os.environ.setdefault("SPARK_CONNECT_MODE_ENABLED", "1")
