"""What the job is asked to do: its parameters."""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    pipeline: str
    batch: int
    attempt: int
    root: str
    catalog: str
    deletion_vectors: str = "false"


def read_request(arguments: list[str], description: str | None) -> Request:
    parser = argparse.ArgumentParser(prog="process_batch", description=description)
    parser.add_argument("--pipeline", required=True)
    parser.add_argument("--batch", required=True, type=int)
    parser.add_argument("--attempt", required=True, type=int)
    parser.add_argument("--root", required=True)
    parser.add_argument("--catalog", required=True)
    parser.add_argument("--deletion_vectors", choices=("true", "false"), default="false")
    return Request(**vars(parser.parse_args(arguments)))
