"""The documents of the lake against the schemas that the app's own types are made from."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "schemas"
# By the path below `_assay`.
KINDS = {
    r"definitions/[^/]+/[^/]+\.json": "definition",
    r"pipelines/[^/]+/batches/\d+/manifest\.json": "manifest",
    r"pipelines/[^/]+/batches/\d+/definition\.json": "definitionOverride",
    r"pipelines/[^/]+/batches/\d+/failures/\d+\.json": "failure",
    r"pipelines/[^/]+/batches/\d+/work/[^/]+/report\.json": "report",
    r"pipelines/[^/]+/batches/\d+/silver\.json": "silver",
    r"pipelines/[^/]+/batches/\d+/process\.json": "process",
    r"pipelines/[^/]+/batches/\d+/skipped\.json": "skipped",
}
PART = re.compile(r"pipelines/[^/]+/batches/\d+/work/[^/]+/(changes|snapshots|rows)/.+")


def check_document(path: str, document: Any) -> None:
    """`path` begins with `_assay/`."""
    below = path.removeprefix("_assay/")
    [kind] = [kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, below)]
    _validator(kind).validate(document)


def check_line(line: Any) -> None:
    """Of a part."""
    _validator("line").validate(line)


def check_documents(root: Path) -> int:
    """Every document below `_assay`, but for the parts. How many there are."""
    paths = [
        path
        for path in (root / "_assay").rglob("*")
        if path.is_file() and not PART.fullmatch(path.relative_to(root / "_assay").as_posix())
    ]
    for path in paths:
        check_document(path.relative_to(root).as_posix(), json.loads(path.read_text()))
    return len(paths)


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{kind}.schema.json").read_text()))
