"""What the bundle's deployment puts beside the job."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from assay_jobs import __version__
from bundle import HERE


def build_wheels() -> dict[str, Any]:
    return runpy.run_path(str(HERE / "build_wheels.py"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    copy = tmp_path / "databricks"
    for name in ("src", "setup.py", "pyproject.toml"):
        source = HERE / name
        if source.is_dir():
            shutil.copytree(
                source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        else:
            shutil.copy(source, copy / name)
    return copy


def wheel_of(project: Path) -> Path:
    dist = project / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    # Without isolation: what builds it is installed from the lock, and nothing is fetched.
    subprocess.run([*command, "--wheel-dir", str(dist), str(project)], check=True)
    [wheel] = dist.iterdir()
    return wheel


def test_the_wheels_version_follows_its_content(project: Path) -> None:
    first = wheel_of(project)
    assert first.name.startswith(f"assay_jobs-{__version__}+")
    assert wheel_of(project).name == first.name
    names = {first.name}
    for held, more in (("quoting.py", "# Changed.\n"), ("contract/vectors.json", "\n")):
        with (project / "src/assay_jobs" / held).open("a", encoding="utf-8") as source:
            source.write(more)
        changed = wheel_of(project)
        names.add(changed.name)
    assert len(names) == 3
    with ZipFile(changed) as content:
        assert "assay_jobs/contract/vectors.json" in content.namelist()
        metadata = next(name for name in content.namelist() if name.endswith("/METADATA"))
        version = changed.name.split("-")[1]
        assert f"\nVersion: {version}\n" in content.read(metadata).decode()


def test_the_wheels_beside_ours_are_the_locked_ones() -> None:
    module = build_wheels()
    lock = (HERE / "requirements.lock").read_text("utf-8")
    assert module["dependencies"]() == ["sqlglot"]
    [entry] = module["locked"](["sqlglot"], lock)
    assert entry.startswith("sqlglot==")
    assert entry.count("--hash=sha256:") == 2
    assert entry in lock
    assert "types-jsonschema" not in entry


def test_a_dependency_that_is_not_locked_is_told() -> None:
    with pytest.raises(SystemExit, match=r"requirements.lock has no fairy-dust. Lock it again."):
        build_wheels()["locked"](["fairy-dust"], "sqlglot==1 \\\n    --hash=sha256:aa\n")
