"""Parts of JSON lines, as Spark reads and writes them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.sql import types as T  # noqa: N812

from .delta import StoreError
from .queries import Plan
from .values import Column, Row, columns_of, to_json

if TYPE_CHECKING:
    from .frames import Frame
    from .session import Session

FILE_PATH = Column("file_path", T.StringType(), "_metadata", is_hidden=True)


class Reader:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.columns: tuple[Column, ...] = ()

    def schema(self, schema: str) -> Reader:
        self.columns = columns_of(schema)
        return self

    def option(self, name: str, value: object) -> Reader:
        return self

    def json(self, paths: list[str]) -> Frame:
        return self._frame(paths, self._lines)

    def _frame(self, paths: list[str], read: Callable[[Path], list[Row]]) -> Frame:
        from .frames import Frame

        def rows() -> Sequence[Row]:
            files = [file for path in paths for file in _files(Path(path))]
            return [(*row, f"file://{file}") for file in files for row in read(file)]

        return Frame(self.session, lambda: Plan((*self.columns, FILE_PATH), rows))

    def _lines(self, file: Path) -> list[Row]:
        lines = [json.loads(line) for line in file.read_text().split("\n") if line]
        return [tuple(line.get(each.name) for each in self.columns) for line in lines]


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise StoreError("PATH_NOT_FOUND", "42K03", f"{path} does not exist")
    return sorted(path.glob("part-*")) if path.is_dir() else [path]


def write_parts(plan: Plan, folder: str, rows_per_part: int) -> None:
    target = Path(folder)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    names = [each.name for each in plan.columns]
    lines = [to_json(dict(zip(names, row, strict=True)), False) for row in plan.rows()]
    for at in range(0, len(lines), rows_per_part):
        text = "".join(f"{line}\n" for line in lines[at : at + rows_per_part])
        (target / f"part-{at // rows_per_part:05d}.json").write_text(text)
