"""Assay's jobs: what runs on Databricks, and on the laptop's Spark alike."""

__version__ = "0.1.0"
