"""Airflow's operators for Databricks against the local workspace: a DAG for each thing that people
do with them.

Airflow runs each DAG in this process, triggers of deferred tasks included (`dag.test`), and reads
this file by itself as well: it has to lie in the folder of DAGs. What came of each task is a line
of JSON in the file that ANSWERS names.
"""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.providers.databricks.operators.databricks import (
    DatabricksCreateJobsOperator,
    DatabricksNotebookOperator,
    DatabricksRunNowOperator,
    DatabricksSQLStatementsOperator,
    DatabricksSubmitRunOperator,
)
from airflow.sdk import DAG, BaseOperator

JOBS: dict[str, int] = json.loads(os.environ["JOBS"])
ANSWERS = Path(os.environ["ANSWERS"])
FILES = ANSWERS.parent
# A run that is to be ended is given some seconds to begin.
SECONDS_OF_A_RUN = timedelta(seconds=15)

QUICK = {"polling_period_seconds": 1, "databricks_retry_limit": 1}
DEFERRED = {**QUICK, "deferrable": True}


def run_now(**more: Any) -> BaseOperator:
    return DatabricksRunNowOperator(task_id="task", **{**QUICK, **more})


def submit(**more: Any) -> BaseOperator:
    return DatabricksSubmitRunOperator(task_id="task", **{**QUICK, **more})


def sql(**more: Any) -> BaseOperator:
    return DatabricksSQLStatementsOperator(
        task_id="task", warehouse_id="local", **{**QUICK, **more}
    )


def wheel(entry_point: str) -> dict[str, Any]:
    task = {"package_name": "assay_sample", "entry_point": entry_point}
    return {"task_key": entry_point, "python_wheel_task": task}


def until(name: str) -> dict[str, str]:
    """Parameters of a run that goes on until a file of this name exists."""
    return {"started": str(FILES / f"{name}.started"), "until": str(FILES / name)}


STEPS: dict[str, Callable[[], BaseOperator]] = {
    "run_by_name": lambda: run_now(job_name="write", job_parameters={"table": "sample.by_name"}),
    "run_by_id": lambda: run_now(job_id=JOBS["write"], job_parameters={"table": "sample.by_id"}),
    "run_deferred": lambda: run_now(
        job_name="write", job_parameters={"table": "sample.deferred"}, **DEFERRED
    ),
    "run_of_another_case": lambda: run_now(job_name="WRITE"),
    "run_of_no_job": lambda: run_now(job_id=7),
    "submit": lambda: submit(tasks=[wheel("say")]),
    "submit_deferred": lambda: submit(tasks=[wheel("say")], **DEFERRED),
    "fail": lambda: run_now(job_name="broken"),
    "fail_deferred": lambda: run_now(job_name="broken", **DEFERRED),
    "fail_submitted": lambda: submit(tasks=[wheel("fail")], **DEFERRED),
    "fail_of_the_product": lambda: run_now(
        job_name="process_batch",
        job_parameters={"pipeline": "none", "batch": "1", "attempt": "1"},
    ),
    "repair": lambda: run_now(
        job_name="once",
        repair_run=True,
        job_parameters={"marker": str(FILES / "marker")},
        **DEFERRED,
    ),
    "end_by_time": lambda: run_now(
        job_name="wait", job_parameters=until("never"), execution_timeout=SECONDS_OF_A_RUN
    ),
    "leave_running": lambda: run_now(
        job_name="wait", job_parameters=until("never"), wait_for_termination=False
    ),
    "cancel_previous": lambda: run_now(
        job_name="wait", cancel_previous_runs=True, job_parameters=until(ANSWERS.name)
    ),
    "statement": lambda: sql(statement="SELECT count(*) FROM sample.by_name"),
    "statement_deferred": lambda: sql(statement="SELECT 1", deferrable=True),
    "statement_that_fails": lambda: sql(statement="SELECT * FROM nowhere"),
    # What the workspace does not do.
    "create_a_job": lambda: DatabricksCreateJobsOperator(
        task_id="task", json={"name": "new", "tasks": [wheel("say")]}, databricks_retry_limit=1
    ),
    "notebook": lambda: DatabricksNotebookOperator(
        task_id="task", notebook_path="/a", source="WORKSPACE", existing_cluster_id="c", **QUICK
    ),
    "positional_parameters": lambda: run_now(job_name="write", python_params=["a"]),
    "one_task_of_old": lambda: submit(notebook_task={"notebook_path": "/a"}),
    "new_settings_for_a_repair": lambda: run_now(
        job_name="broken",
        repair_run=True,
        databricks_repair_reason_new_settings={"Workload failed": {"timeout_seconds": 60}},
        **DEFERRED,
    ),
}


def tell(step: str, state: str, context: Any) -> None:
    instance, error = context["ti"], context.get("exception")
    answer = {
        "step": step,
        "state": state,
        "run": instance.xcom_pull(task_ids="task", key="run_id"),
        "page": instance.xcom_pull(task_ids="task", key="run_page_url"),
        "error": None if error is None else f"{type(error).__name__}: {error}",
    }
    with ANSWERS.open("a") as file:
        file.write(json.dumps(answer) + "\n")


def dag_of(step: str, make: Callable[[], BaseOperator]) -> DAG:
    with DAG(step, schedule=None) as dag:
        operator = make()
        operator.on_success_callback = [lambda context: tell(step, "success", context)]
        operator.on_failure_callback = [lambda context: tell(step, "failed", context)]
    return dag


DAGS = {step: dag_of(step, make) for step, make in STEPS.items()}
globals().update(DAGS)

if __name__ == "__main__":
    for dag in DAGS.values():
        dag.test()
