"""The Python half of the local Databricks workspace: one Spark server and the tasks that use it."""
