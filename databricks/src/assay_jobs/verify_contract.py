"""Does this engine judge bodies as the tests saw Spark judge them? For a workspace, whose engine is
another one: run it as a task of a wheel, with the entry point `verify_contract`.

Prints each body that was judged otherwise, a digest of all verdicts, which is the same wherever
they are, and the versions of what comes with the environment and not with our wheels.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.metadata import PackageNotFoundError, version

from pyspark.sql import SparkSession

from . import quoting as q
from .contract import check_json, read_bodies, read_contract
from .contract.vectors import Vector, read_vectors
from .warehouse import Warehouse

NONCE = "0123456789abcdef"
# Parquet files of a landing folder are read with it.
OF_THE_ENVIRONMENT = ("pyarrow",)


def main() -> None:
    spark = SparkSession.builder.getOrCreate()
    # It writes nothing, so its catalog and pipeline have no meaning.
    differences, digest = verify(Warehouse(spark, "none", "none"))
    found = {"differences": differences, "digest": digest, "versions": versions()}
    print(json.dumps(found, indent=1))  # noqa: T201
    if differences:
        sys.exit(f"{len(differences)} bodies are judged otherwise than they have to be")


def versions() -> dict[str, str | None]:
    """None for what is not there."""
    return {name: _version_of(name) for name in OF_THE_ENVIRONMENT}


def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def verify(warehouse: Warehouse) -> tuple[list[dict[str, str | None]], str]:
    schema, vectors = read_vectors()
    reasons = _reasons(warehouse, schema, vectors)
    differences = [
        {"body": vector.name, "reason": reason, "wanted": vector.reason}
        for vector, reason in zip(vectors, reasons, strict=True)
        if reason != vector.reason
    ]
    verdicts = json.dumps([[v.name, r] for v, r in zip(vectors, reasons, strict=True)])
    return differences, hashlib.sha256(verdicts.encode()).hexdigest()


def _reasons(
    warehouse: Warehouse, schema: dict[str, object], vectors: list[Vector]
) -> list[str | None]:
    literals = ["NULL" if each.body is None else f"X'{each.body.hex()}'" for each in vectors]
    rows = q.listed(f"({at}, {body})" for at, body in enumerate(literals))
    bodies = warehouse.sql(f"SELECT * FROM VALUES {rows} AS bodies (_at, _body)")
    judged = check_json(read_bodies(bodies, NONCE), read_contract(schema))
    found = {row["_at"]: row["_problem"] for row in warehouse.collected(judged, "_at", "_problem")}
    return [found[at] for at in range(len(vectors))]
