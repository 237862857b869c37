"""What the Databricks CLI and the workspace would refuse, and what they would not notice."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from importlib.metadata import entry_points, version

import pytest
from databricks.sdk.service.jobs import JobPermissionLevel, JobSettings

from assay_jobs import __version__
from assay_jobs.request import Request
from bundle import HERE, bundle, job
from spark_server import jars

# Serverless environment versions and the Spark that each brings.
SPARK_OF_ENVIRONMENT = {"4": "4.0", "5": "4.1"}


def test_the_job_is_what_the_jobs_api_knows() -> None:
    assert JobSettings.from_dict(job()).as_dict() == job()


def test_the_task_finds_its_wheel_its_entry_point_and_its_environment() -> None:
    [task] = job()["tasks"]
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    wheel = task["python_wheel_task"]
    assert wheel["package_name"] == project["name"]
    module, function = project["scripts"][wheel["entry_point"]].split(":")
    assert callable(getattr(import_module(module), function))
    assert [each.value for each in entry_points(name="process_batch")] == [f"{module}:{function}"]
    environments = {each["environment_key"]: each["spec"] for each in job()["environments"]}
    assert environments[task["environment_key"]]["dependencies"] == ["../dist/*.whl"]
    assert bundle()["artifacts"]["assay_jobs"]["build"] == "python build_wheels.py"


def test_every_parameter_reaches_the_task_by_name() -> None:
    parameters = [each["name"] for each in job()["parameters"]]
    assert sorted(parameters) == sorted(Request.__annotations__)
    [task] = job()["tasks"]
    assert task["python_wheel_task"]["named_parameters"] == {
        name: f"{{{{job.parameters.{name}}}}}" for name in parameters
    }


def test_the_lake_is_a_volume_unless_said_otherwise() -> None:
    defaults = {each["name"]: each["default"] for each in job()["parameters"]}
    assert (defaults["catalog"], defaults["root"]) == ("main", "/Volumes/main/assay")


def test_runs_are_queued_and_never_repeated_by_databricks() -> None:
    assert job()["queue"] == {"enabled": True}
    [task] = job()["tasks"]
    assert (task["max_retries"], task["disable_auto_optimization"]) == (0, True)


def test_a_run_that_hangs_is_ended() -> None:
    assert job()["timeout_seconds"] == 14400


def test_there_are_a_dev_and_a_prod_target() -> None:
    targets = bundle()["targets"]
    assert set(targets) == {"dev", "prod"}
    assert [name for name, target in targets.items() if target.get("default")] == ["dev"]


def test_in_production_the_app_may_run_the_job_and_no_more() -> None:
    jobs = bundle()["targets"]["prod"]["resources"]["jobs"]
    assert jobs == {
        "process_batch": {
            "permissions": [
                {
                    "service_principal_name": "${var.app_identity}",
                    "level": JobPermissionLevel.CAN_MANAGE_RUN.value,
                }
            ]
        }
    }
    assert "app_identity" in bundle()["variables"]


def test_spark_its_jars_and_the_serverless_environment_are_of_one_version() -> None:
    spark = ".".join(version("pyspark").split(".")[:2])
    [environment] = job()["environments"]
    assert SPARK_OF_ENVIRONMENT[environment["spec"]["environment_version"]] == spark
    names = [jar.name for jar in jars()]
    [delta] = [name for name in names if name.startswith("delta-spark_")]
    assert delta.startswith(f"delta-spark_{spark}_2.13-")
    [avro] = [name for name in names if name.startswith("spark-avro_2.13-")]
    assert avro.startswith(f"spark-avro_2.13-{spark}.")


def test_the_wheel_brings_neither_spark_nor_delta() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    assert version("assay_jobs").split("+")[0] == __version__
    assert [re.split(r"\W", name)[0] for name in project["dependencies"]] == ["sqlglot"]


@pytest.mark.parametrize("source", sorted((HERE / "src").rglob("*.py")), ids=lambda path: path.name)
def test_the_wheel_does_nothing_that_serverless_refuses(source: object) -> None:
    text = HERE.joinpath(str(source)).read_text()
    for forbidden in (
        r"^\s*(from|import) (delta|databricks|pandas)\b", r"\.cache\(", r"\.persist\(",
        r"\.toPandas\(", r"sparkContext", r"\.rdd\b", r"checkpoint\(", r"os\.environ",
    ):  # fmt: skip
        assert not re.search(forbidden, text, re.MULTILINE), forbidden
    if not str(source).endswith("warehouse.py"):
        assert "conf.set" not in text and ".collect()" not in text and "warehouse.spark" not in text


def test_only_settings_that_serverless_lets_a_session_change_are_set() -> None:
    from assay_jobs.warehouse import SETTINGS

    assert set(SETTINGS) <= {
        "spark.sql.session.timeZone",
        "spark.sql.ansi.enabled",
        "spark.sql.shuffle.partitions",
        "spark.sql.files.maxPartitionBytes",
        "spark.sql.legacy.timeParserPolicy",
        "spark.databricks.execution.timeout",
    }
