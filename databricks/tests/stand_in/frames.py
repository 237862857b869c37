"""DataFrames as Spark Connect has them: resolved and run when something asks for their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyspark.sql import types as T  # noqa: N812
from sqlglot import exp

from .aggregates import is_aggregate
from .files import write_parts
from .queries import Plan, grouped, join, project
from .values import Column, NotStoodInError, parsed

if TYPE_CHECKING:
    from .session import Session


class Frame:
    def __init__(self, session: Session, plan: Callable[[], Plan]) -> None:
        self.session = session
        self.plan = plan

    @property
    def schema(self) -> T.StructType:
        return T.StructType([T.StructField(c.name, c.type) for c in self._shown()])

    @property
    def columns(self) -> list[str]:
        return [each.name for each in self._shown()]

    def selectExpr(self, *items: str) -> Frame:  # noqa: N802
        select = parsed(f"SELECT {', '.join(items)}").expressions
        return self._of(lambda: project(self.plan(), select))

    def where(self, test: str) -> Frame:
        node = parsed(f"SELECT {test}").expressions[0]
        return self._of(lambda: self.plan().where(node, self.session.is_there))

    def drop(self, *names: str) -> Frame:
        return self._of(lambda: self._kept([c for c in self.columns if c not in names]))

    def alias(self, name: str) -> Frame:
        return self._of(lambda: self.plan().named(name))

    def hint(self, name: str) -> Frame:
        return self

    def coalesce(self, files: int) -> Frame:
        return self

    def toDF(self, *names: str) -> Frame:  # noqa: N802
        def renamed() -> Plan:
            plan = self.plan()
            pairs = zip(plan.columns, names, strict=True)
            return replace(plan, columns=tuple(replace(c, name=name) for c, name in pairs))

        return self._of(renamed)

    def join(self, other: Frame, on: Any, how: str = "inner") -> Frame:
        if isinstance(on, str):
            return self._of(lambda: self._join_using(other, on, how))
        # A column of Spark Connect that was made by `expr`: it shows its text.
        [text] = re.findall(r"^Column<'(.*)'>$", repr(on), re.DOTALL)
        node = parsed(f"SELECT {text}").expressions[0]
        return self._of(lambda: join(self.plan(), other.plan(), node, how))

    def _join_using(self, other: Frame, name: str, how: str) -> Plan:
        left, right = self.plan().named("_left"), other.plan().named("_right")
        node = parsed(f"SELECT _left.{name} = _right.{name}").expressions[0]
        both = join(left, right, node, how)
        shown = [each for each in both.columns if each.name != name]
        items = ", ".join([f"_left.{name}", *(f"{c.qualifier}.`{c.name}`" for c in shown)])
        return project(both, parsed(f"SELECT {items}").expressions)

    def unionByName(self, other: Frame) -> Frame:  # noqa: N802
        def both() -> Plan:
            first, second = self.plan(), other._kept(self.columns)
            return Plan(first.columns, lambda: [*first.rows(), *second.rows()])

        return self._of(both)

    def groupBy(self, *keys: str) -> Grouped:  # noqa: N802
        return Grouped(self, keys)

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802
        self.session.views[name] = self.plan

    def collect(self) -> list[T.Row]:
        plan = self.plan()
        row = T.Row(*(each.name for each in plan.columns))
        return [row(*each) for each in plan.rows()]

    @property
    def write(self) -> Writer:
        return Writer(self)

    def _shown(self) -> list[Column]:
        return [each for each in self.plan().columns if not each.is_hidden]

    def _kept(self, names: Sequence[str]) -> Plan:
        items = parsed(f"SELECT {', '.join(f'`{each}`' for each in names)}").expressions
        return project(self.plan(), items)

    def _of(self, plan: Callable[[], Plan]) -> Frame:
        return Frame(self.session, plan)


class Grouped:
    def __init__(self, frame: Frame, keys: Sequence[str]) -> None:
        self.frame = frame
        self.keys = keys

    def agg(self, wanted: dict[str, str]) -> Frame:
        keys = [f"`{each}`" for each in self.keys]
        aggregates = [f"{function}(`{column}`)" for column, function in wanted.items()]
        items = parsed(f"SELECT {', '.join([*keys, *aggregates])}").expressions
        of_keys: list[exp.Expr] = [each for each in items if not is_aggregate(each)]
        frame = self.frame
        return Frame(frame.session, lambda: grouped(frame.plan(), of_keys, items))


class Writer:
    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.settings: dict[str, Any] = {}
        self.how = ""

    def format(self, name: str) -> Writer:
        return self

    def mode(self, how: str) -> Writer:
        self.how = how
        return self

    def option(self, name: str, value: Any) -> Writer:
        self.settings[name] = value
        return self

    def options(self, **settings: Any) -> Writer:
        self.settings.update(settings)
        return self

    def saveAsTable(self, name: str) -> None:  # noqa: N802
        if self.how not in ("append", "overwrite"):
            raise NotStoodInError(f"the mode {self.how}")
        self.frame.session.save(
            self.frame.plan(),
            name,
            appends=self.how == "append",
            application=self.settings["txnAppId"],
            number=self.settings["txnVersion"],
        )

    def json(self, folder: str) -> None:
        plan = self.frame.plan()
        write_parts(plan, folder, self.settings["maxRecordsPerFile"])
