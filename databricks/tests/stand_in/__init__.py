"""Stands in for Spark behind `Warehouse`: the job's own statements, run over tables in memory.

It knows the SQL that the job writes, for sources of files, and Delta's rules of commits: versions,
transactions by application, and the refusal of a commit whose table has moved on. What it does not
know it refuses by name.
"""
