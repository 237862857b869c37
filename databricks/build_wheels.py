"""Fills dist/ with what the job's environment installs: our wheel and those that it depends on.

The bundle's deployment runs it. The others are taken from requirements.lock by their hashes, so
that an environment installs what was tested, and nothing from a registry.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def locked(names: list[str], lock: str) -> list[str]:
    """The entries of these packages in a lock file, each with its hashes."""
    entries = re.findall(r"^([\w.-]+)(==[^\n]*(?:\n[ \t]+--hash=[^\n]+)+)", lock, re.MULTILINE)
    found = {name: name + rest for name, rest in entries}
    missing = sorted(set(names) - set(found))
    if missing:
        raise SystemExit(f"requirements.lock has no {', '.join(missing)}. Lock it again.")
    return [found[name] for name in names]


def dependencies() -> list[str]:
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    return [re.split(r"[^\w.-]", each)[0] for each in project["dependencies"]]


def build(dist: Path) -> None:
    # An older wheel beside the new one would be installed too, and a module that was removed since
    # the last build would still be in build/, and so in the wheel.
    for stale in (dist, HERE / "build"):
        shutil.rmtree(stale, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    own = [*pip, "wheel", "--no-deps", "--wheel-dir", str(dist), "."]
    subprocess.run(own, cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "locked.txt"
        lock = (HERE / "requirements.lock").read_text("utf-8")
        wanted.write_text("\n".join(locked(dependencies(), lock)) + "\n", "utf-8")
        others = [*pip, "download", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        subprocess.run([*others, "--dest", str(dist), "--requirement", str(wanted)], check=True)


if __name__ == "__main__":
    build(HERE / "dist")
