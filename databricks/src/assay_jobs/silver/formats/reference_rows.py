"""A file that is not read but named: one row of where it lies and what it is. Its bytes pass by in
pieces, for their hash."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay_jobs.batch import DroppedFile
from assay_jobs.contract import Contract

from .row import Row

# Without the machine's own files: the same name has the same type everywhere.
TYPES = mimetypes.MimeTypes()
UNKNOWN = "application/octet-stream"


def read_reference(
    path: Path, file: DroppedFile, contract: Contract, options: dict[str, Any]
) -> Iterator[Row]:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    type_, packing = TYPES.guess_type(file.name.lower())
    values = {
        "path": file.path,
        "name": file.name,
        "bytes": path.stat().st_size,
        "type": f"application/{packing}" if packing else type_ or UNKNOWN,
        "sha256": digest,
    }
    yield Row(json.dumps(values, ensure_ascii=False))
