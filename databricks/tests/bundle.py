"""The bundle's YAML as the Databricks CLI would send it, as far as ours uses its language."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
# The project's own YAML reader is Node's; Python brings none.
TO_JSON = (
    "const { parse } = require('yaml');"
    "process.stdout.write(JSON.stringify(parse(require('fs').readFileSync(0, 'utf8'))))"
)


def read_yaml(path: Path) -> dict[str, Any]:
    done = subprocess.run(
        ["node", "-e", TO_JSON], input=path.read_bytes(), capture_output=True, cwd=HERE, check=True
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def bundle() -> dict[str, Any]:
    return read_yaml(HERE / "databricks.yml")


def job() -> dict[str, Any]:
    """The job's settings, its variables replaced by their defaults."""
    defaults = {name: each["default"] for name, each in bundle()["variables"].items()}
    settings = read_yaml(HERE / "resources/process_batch.job.yml")
    text = json.dumps(settings["resources"]["jobs"]["process_batch"])
    while found := re.search(r"\$\{var\.(\w+)\}", text):
        default = defaults[found.group(1)]
        if not isinstance(default, str):
            # A value that is a variable and nothing else takes its type.
            text = text.replace(f'"{found.group()}"', json.dumps(default))
        text = text.replace(found.group(), str(default))
    settings = json.loads(text)
    return dict(settings)
