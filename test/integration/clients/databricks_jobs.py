"""The Databricks SDK of Python against the local workspace, whose tasks end by themselves.

A program that had the name of the package would be imported in its place.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from databricks.sdk.errors import OperationFailed
from databricks.sdk.errors.base import DatabricksError
from databricks.sdk.service._internal import Wait
from databricks.sdk.service.jobs import Run, RunType, SubmitTask
from databricks.sdk.service.sql import StatementParameterListItem

from program import run, setting

HOST = setting("DATABRICKS_URL")
PATIENCE = timedelta(seconds=20)


def client_of(token: str) -> WorkspaceClient:
    return WorkspaceClient(config=Config(host=HOST, token=token, auth_type="pat"))


client = client_of(setting("WORKSPACE_TOKEN"))


def ask(path: str, **query: str) -> dict[str, Any]:
    answer = client.api_client.do("GET", f"/api/{path}", query=query)
    assert isinstance(answer, dict)
    return answer


def send(path: str, **body: object) -> object:
    return client.api_client.do("POST", f"/api/{path}", body=body)


def ended(waiter: Wait[Run], run_id: int) -> Run:
    """Also a run that failed, for which the SDK raises."""
    try:
        return waiter.result(PATIENCE)
    except OperationFailed:
        return client.jobs.get_run(run_id)


def refusal(call: Callable[[], object]) -> list[object]:
    try:
        call()
    except DatabricksError as error:
        # The SDK adds its own settings, which name the port.
        return [type(error).__name__, str(error).partition(" Config: ")[0]]
    raise AssertionError("it was not refused")


def job_id(name: str) -> int:
    (job,) = client.jobs.list(name=name)
    assert job.job_id is not None
    return job.job_id


def outcome(ended: Run) -> list[object]:
    assert ended.state is not None and ended.state.result_state is not None
    return [ended.state.result_state.value, len(ended.tasks or [])]


def list_jobs() -> object:
    def tasks(expanded: bool) -> list[int]:
        found = client.jobs.list(expand_tasks=expanded, limit=3)
        settings = [job.settings for job in found]
        return [len(one.tasks or []) for one in settings if one is not None]

    names = [job.settings.name for job in client.jobs.list(limit=1) if job.settings]
    return {"names": names, "plain": tasks(False), "expanded": tasks(True)}


def get_a_job_of_two_pages() -> object:
    settings = client.jobs.get(job_id("long")).settings
    assert settings is not None
    return len(settings.tasks or [])


def flags_in_any_case() -> object:
    """Other clients than the SDK write flags as Python does."""

    def tasks(flag: str) -> bool:
        found = ask("2.2/jobs/list", name="works", expand_tasks=flag, include_user_names=flag)
        return "tasks" in found["jobs"][0]["settings"]

    return [
        {flag: tasks(flag) for flag in ("true", "True", "TRUE", "false", "False", "FALSE")},
        refusal(lambda: ask("2.2/jobs/list", expand_tasks="yes")),
        refusal(lambda: ask("2.2/jobs/list", include_user_names="yes")),
    ]


def make_jobs() -> object:
    return [
        refusal(lambda: client.jobs.create(name="new")),
        refusal(lambda: client.jobs.delete(job_id("works"))),
    ]


def run_a_job() -> object:
    ended = client.jobs.run_now(
        job_id("works"), job_parameters={"who": "me"}, idempotency_token="once"
    ).result(PATIENCE)
    again = client.jobs.run_now(job_id("works"), idempotency_token="once")
    assert ended.run_id is not None and ended.tasks is not None
    task = ended.tasks[0].run_id
    assert task is not None
    output = client.jobs.get_run_output(task)
    return {
        "outcome": outcome(ended),
        "parameters": {one.name: one.value for one in ended.job_parameters or []},
        "same": again.run_id == ended.run_id,
        "output": output.metadata is not None and output.metadata.run_id == task,
    }


def repair_a_run() -> object:
    started = client.jobs.run_now(job_id("fails"))
    run_id = started.run_id
    failed = ended(started, run_id)
    repaired = ended(client.jobs.repair_run(run_id, rerun_all_failed_tasks=True), run_id)
    history = client.jobs.get_run(run_id, include_history=True).repair_history
    return [
        outcome(failed),
        outcome(repaired),
        [one.type.value for one in history or [] if one.type is not None],
        refusal(lambda: client.jobs.repair_run(run_id, rerun_all_failed_tasks=True)),
    ]


def cancel_runs() -> object:
    endless = job_id("endless")
    one = client.jobs.run_now(endless)
    active = [run.run_id for run in client.jobs.list_runs(job_id=endless, active_only=True)]
    cancelled = client.jobs.cancel_run_and_wait(one.run_id, timeout=PATIENCE)
    other = client.jobs.run_now(endless)
    client.jobs.cancel_all_runs(job_id=endless)
    return [active == [one.run_id], outcome(cancelled), outcome(other.result(PATIENCE))]


def submit_and_delete_a_run() -> object:
    task = SubmitTask.from_dict(
        {"task_key": "a", "python_wheel_task": {"package_name": "p", "entry_point": "works"}}
    )
    ended = client.jobs.submit(run_name="one time", tasks=[task]).result(PATIENCE)
    run_id = ended.run_id or 0
    listed = [one.run_name for one in client.jobs.list_runs(run_type=RunType.SUBMIT_RUN)]
    client.jobs.delete_run(run_id)
    return [outcome(ended), listed, refusal(lambda: client.jobs.get_run(run_id))[0]]


def list_runs_in_pages() -> object:
    pages = list(client.jobs.list_runs(limit=1, expand_tasks=True))
    whole = list(client.jobs.list_runs())
    skipped = list(client.jobs.list_runs(offset=1))
    ids = [one.run_id for one in whole]
    return [
        len(ids) > 3,
        [one.run_id for one in pages] == ids,
        [one.run_id for one in skipped] == ids[1:],
        all(one.tasks for one in pages),
    ]


def what_is_missing() -> object:
    return {
        "get": refusal(lambda: client.jobs.get(7)),
        "run": refusal(lambda: client.jobs.run_now(7)),
        "cancel all": refusal(lambda: client.jobs.cancel_all_runs(job_id=7)),
        "get run": refusal(lambda: client.jobs.get_run(7)),
        "cancel": refusal(lambda: client.jobs.cancel_run(7)),
        "statement": refusal(lambda: client.statement_execution.get_statement("none"))[0],
        "token": refusal(lambda: list(client_of("nonsense").jobs.list())),
    }


def every_version_reads_jobs() -> object:
    long = str(job_id("long"))

    def seen(version: str) -> list[object]:
        job = ask(f"{version}/jobs/get", job_id=long)
        listed = ask(f"{version}/jobs/list")
        return [
            len(job["settings"]["tasks"]),
            "next_page_token" in job,
            len(listed["jobs"]),
            "has_more" in listed,
        ]

    return {version: seen(version) for version in ("2.0", "2.1", "2.2")}


def every_version_runs_jobs() -> object:
    def ran(version: str) -> list[object]:
        started = send(f"{version}/jobs/run-now", job_id=job_id("long"))
        assert isinstance(started, dict)
        run_id = started["run_id"]
        client.jobs.wait_get_run_job_terminated_or_skipped(run_id, timeout=PATIENCE)
        whole = ask(f"{version}/jobs/runs/get", run_id=str(run_id))
        first = ask(f"{version}/jobs/runs/list", limit="1")
        second = ask(f"{version}/jobs/runs/list", limit="1", offset="1")
        return [
            len(whole["tasks"]),
            "next_page_token" in whole,
            [one["run_id"] for one in first["runs"]] == [run_id],
            "next_page_token" in first,
            second["runs"] != first["runs"],
        ]

    return {version: ran(version) for version in ("2.0", "2.1", "2.2")}


def what_a_version_does_not_have() -> object:
    works = job_id("works")
    return [
        refusal(call)
        for call in (
            lambda: ask("2.0/jobs/list", expand_tasks="true"),
            lambda: send("2.0/jobs/run-now", job_id=works, job_parameters={}),
            lambda: ask("2.0/jobs/runs/list", page_token="1"),
            lambda: ask("2.1/jobs/get", job_id=str(works), page_token="1"),
            lambda: ask("2.1/jobs/runs/get", run_id="7", page_token="1"),
            lambda: send("2.0/jobs/runs/repair", run_id=7),
            lambda: send("2.1/jobs/create", name="new"),
            lambda: ask("2.3/jobs/list"),
            lambda: ask("2.2/sql/statements/none"),
        )
    ]


def run_statements() -> object:
    execute = client.statement_execution.execute_statement
    done = execute(
        "SELECT :n AS n", "local", parameters=[StatementParameterListItem("n", "INT", "1")]
    )
    failed = execute("no SQL", "local")
    assert done.statement_id and done.manifest and done.manifest.schema and done.result
    client.statement_execution.cancel_execution(done.statement_id)
    again = client.statement_execution.get_statement(done.statement_id)
    assert again.status and again.status.state and failed.status and failed.status.error
    return {
        "columns": [one.name for one in done.manifest.schema.columns or []],
        "rows": done.result.data_array,
        "again": [again.status.state.value, again.result == done.result],
        "failed": failed.status.error.message,
        "warehouse": refusal(lambda: execute("SELECT 1", "other"))[0],
        "chunk": refusal(
            lambda: client.statement_execution.get_statement_result_chunk_n(
                done.statement_id or "", 1
            )
        ),
    }


run(
    [
        list_jobs,
        get_a_job_of_two_pages,
        flags_in_any_case,
        make_jobs,
        run_a_job,
        repair_a_run,
        cancel_runs,
        submit_and_delete_a_run,
        list_runs_in_pages,
        what_is_missing,
        every_version_reads_jobs,
        every_version_runs_jobs,
        what_a_version_does_not_have,
        run_statements,
    ]
)
