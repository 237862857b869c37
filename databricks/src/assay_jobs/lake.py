"""The lake's JSON documents, by plain file access: a folder on a laptop, a volume on Databricks."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Document = dict[str, Any]


class JobLake:
    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")

    def path(self, relative: str) -> str:
        """As Spark and `open` both take it."""
        return f"{self.root}/{relative}"

    def relative(self, uri: str, below: str) -> str:
        """A path as Spark reports it, relative to the root; `below`: the folder that it is in.

        How a URI spells the root is the runtime's: a scheme, escapes, a link followed.
        """
        return below + unquote(uri).rpartition(below)[2]

    def has(self, relative: str) -> bool:
        return Path(self.path(relative)).exists()

    def read(self, relative: str) -> Document:
        document = self.find(relative)
        if document is None:
            raise FileNotFoundError(f"{relative} is not in the lake {self.root}")
        return document

    def find(self, relative: str) -> Document | None:
        try:
            document: Document = json.loads(Path(self.path(relative)).read_bytes())
        except FileNotFoundError:
            return None
        return document

    def write(self, relative: str, document: Document) -> None:
        """Whole or not at all: a reader never sees half a document."""
        target = Path(self.path(relative))
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f"{target.name}.{secrets.token_hex(4)}.tmp")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)


def batch_folder(pipeline: str, batch: int) -> str:
    return f"_assay/pipelines/{pipeline}/batches/{batch:010d}"


def definition_path(pipeline: str, digest: str) -> str:
    return f"_assay/definitions/{pipeline}/{digest}.json"
