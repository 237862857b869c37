"""Gives the wheel a version that says what it holds.

Serverless compute keeps the environment that it built for a version: a wheel with other content
and the same version would not be taken (github.com/databricks/cli/issues/1621).
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent
# Enough to tell every build of a project from every other.
DIGITS = 12


def version() -> str:
    """The version of the code, and after the plus sign the digest of all that the wheel holds."""
    init = (HERE / "src/assay_jobs/__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', init, re.MULTILINE)
    if not found:
        raise SystemExit("src/assay_jobs/__init__.py: __version__ is missing.")
    digest = sha256()
    held = [p for p in (HERE / "src/assay_jobs").rglob("*") if p.suffix in (".py", ".json")]
    sources = [*sorted(held), HERE / "pyproject.toml"]
    for path in sources:
        # Files come with other line ends where a checkout is made on Windows.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(HERE).as_posix()
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return f"{found.group(1)}+{digest.hexdigest()[:DIGITS]}"


setup(version=version())
