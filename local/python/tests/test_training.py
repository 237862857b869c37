"""The batches that set-up trains Spark with are batches as the app writes them."""

import json
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft202012Validator
from pyspark.sql import SparkSession

from assay_local import training

SCHEMAS = Path(__file__).parents[3] / "schemas"


def test_its_documents_fit_the_schemas_of_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "run", lambda *_: None)
    monkeypatch.setattr(training, "Warehouse", lambda *_: None)
    training.train(cast(SparkSession, None), tmp_path)
    found = sorted((tmp_path / "_assay").rglob("*.json"))
    assert len(found) == 3
    for path in found:
        kind = "manifest" if path.name == "manifest.json" else "definition"
        schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text())
        Draft202012Validator(schema).validate(json.loads(path.read_text()))
