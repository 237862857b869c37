"""What becomes of rows in silver when the rules change by which they came there: each new row
stands instead of one row at most, and no row is there twice.

Over the stand-in, which refuses a MERGE of several matches as Delta does.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from lakes import ALake, files
from running import CrashError
from stand_in.delta import Store
from stand_in.frames import Frame
from stand_in.session import Session
from two_attempts.running import Place
from two_attempts.scenarios import go_to_end
from two_attempts.worlds import StandInWorld

Silver = list[tuple[Any, ...]]
TOWN = {"type": "string"}
CASES = 40


def contract(*key: str, **more: dict[str, str]) -> dict[str, Any]:
    properties = {"code": TOWN, "size": {"type": "integer"}, **more}
    return {"properties": properties, **({"x-key": list(key)} if key else {})}


class Towns:
    """One source, whose definition changes between its batches."""

    def __init__(self, folder: Path) -> None:
        self.world = StandInWorld(ALake(folder, "towns"), Store())
        self.lake = self.world.lake

    def define(self, form: dict[str, Any], **more: str) -> None:
        self.lake.define({"rows": files(form, **more)})

    def plan(self, *texts: str, name: str = "a.csv") -> int:
        number = self.lake.number + 1
        return self.lake.batch(
            files=[
                self.lake.file(text, name, source="rows", id=f"{number:04}{at:02}")
                for at, text in enumerate(texts)
            ]
        )

    def drop(self, *texts: str, name: str = "a.csv") -> int:
        number = self.plan(*texts, name=name)
        go_to_end(self.world, number)
        return number

    def silver(self, *columns: str) -> Silver:
        return sorted(tuple(row[each] for each in columns) for row in self.rows)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.world.rows("silver", "rows")

    def die_before(self, point: str, subject: str, batch: int) -> None:
        def die(at: Place) -> None:
            if at == (point, "change", subject):
                raise CrashError(at)

        with suppress(CrashError):
            self.world.work(batch, 1, 0)(die)


@pytest.fixture
def towns(tmp_path: Path) -> Towns:
    return Towns(tmp_path)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("e,5\n", [("e", 5)]), ("e,5\nf,6\n", [("e", 5), ("f", 6)])],
    ids=["with fewer rows", "with as many"],
)
def test_a_file_replaces_all_that_were_added_under_its_name(
    towns: Towns, text: str, wanted: Silver
) -> None:
    towns.define(contract(), onRedrop="append")
    towns.drop("code,size\na,1\nb,2\n")
    towns.drop("code,size\nc,3\nd,4\n")
    towns.define(contract(), onRedrop="replace")
    towns.drop(f"code,size\n{text}")
    assert towns.silver("code", "size") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("b,3\n", [("b", 3)]), ("a,9\nb,3\n", [("a", 9), ("b", 3)])],
    ids=["that it lacks now", "that it has"],
)
def test_a_key_that_was_none_is_there_once_when_its_file_comes_again(
    towns: Towns, text: str, wanted: Silver
) -> None:
    towns.define(contract())
    towns.drop("code,size\na,1\na,2\nb,3\n")
    towns.define(contract("code"))
    towns.drop(f"code,size\n{text}")
    assert towns.silver("code", "size") == wanted


def test_a_key_that_two_files_had_before_it_was_one_goes_to_the_row_that_comes(
    towns: Towns,
) -> None:
    towns.define(contract())
    towns.drop("code,size\na,1\n", name="east.csv")
    towns.drop("code,size\na,2\nb,2\n", name="north.csv")
    towns.define(contract("code"))
    towns.drop("code,size\na,3\n", name="east.csv")
    assert towns.silver("code", "size") == [("a", 3), ("b", 2)]
    # The other file holds it still, and so is its heir.
    towns.drop("code,size\nc,4\n", name="east.csv")
    assert towns.silver("code", "size") == [("a", 2), ("b", 2), ("c", 4)]


def test_the_last_row_of_a_key_takes_the_place_of_all_that_had_it(towns: Towns) -> None:
    towns.define(contract(), onRedrop="append")
    towns.drop("code,size\na,1\na,2\nb,3\n")
    towns.define(contract("code"), onRedrop="append", onRepeatedKey="last")
    towns.drop("code,size\na,9\nc,4\n", name="b.csv")
    assert towns.silver("code", "size") == [("a", 9), ("b", 3), ("c", 4)]


def test_rows_from_before_a_key_had_all_its_properties_are_replaced(towns: Towns) -> None:
    towns.define(contract("code"))
    towns.drop("code,size\na,1\nb,2\n")
    towns.define(contract("code", "region", region=TOWN))
    towns.drop("code,size,region\na,1,eu\nb,2,eu\n")
    assert towns.silver("code", "region") == [("a", "eu"), ("b", "eu")]


def test_rows_from_before_a_key_had_another_column_are_replaced(towns: Towns) -> None:
    towns.define(contract("code"))
    towns.drop("code,size\na,1\nb,2\n")
    renamed = contract("code")
    renamed["properties"]["code"] = {**TOWN, "x-column": "town_code"}
    towns.define(renamed)
    towns.drop("code,size\na,1\nb,2\n")
    assert [row["town_code"] for row in towns.rows] == ["a", "b"]
    assert [row["code"] for row in towns.rows] == [None, None]


@pytest.mark.parametrize("redrop", ["replace", "append"])
def test_a_property_that_was_removed_is_null_in_a_row_that_comes_again(
    towns: Towns, redrop: str
) -> None:
    rules = {"onRedrop": redrop, "onRepeatedKey": "last"}
    towns.define(contract("code", note=TOWN), **rules)
    towns.drop("code,size,note\na,1,old\nb,1,old\n")
    towns.define(contract("code"), **rules)
    towns.drop("code,size\na,1\n")
    kept = [] if redrop == "replace" else ["old"]
    assert [row["note"] for row in sorted(towns.rows, key=lambda row: str(row["code"]))] == [
        None, *kept,
    ]  # fmt: skip


@pytest.mark.parametrize("point", ["silver.json", "silver merge"])
def test_rows_are_counted_and_merged_by_the_definition_that_judged_them(
    towns: Towns, point: str
) -> None:
    """The definition is repaired when the log is written: both rows of a key are good in it."""
    towns.define(contract(), onRedrop="append")
    towns.drop("code,size\na,1\nb,2\n")
    number = towns.plan("code,size\na,5\na,6\n")
    towns.die_before(point, "rows" if point == "silver merge" else "", number)
    towns.define(contract("code"), onRedrop="replace", onRepeatedKey="last")
    towns.lake.repair(number, towns.lake.definition)
    go_to_end(towns.world, number)
    assert towns.silver("code", "size") == [("a", 1), ("a", 5), ("a", 6), ("b", 2)]
    account = towns.lake.read(f"{towns.lake.folder(number)}/process.json")["sources"]["rows"]
    assert (account["received"], account["accepted"]) == (2, 2)
    # What comes next is judged by the new one.
    towns.drop("code,size\na,7\n", name="b.csv")
    assert towns.silver("code", "size") == [("a", 7), ("b", 2)]


def test_a_file_without_rows_empties_its_name_also_where_the_attempt_died(towns: Towns) -> None:
    towns.define(contract())
    towns.drop("code,size\na,1\n")
    number = towns.plan("code,size\n")
    towns.die_before("silver merge", "rows", number)
    assert towns.silver("code") == [("a",)]
    go_to_end(towns.world, number)
    assert towns.silver("code") == []


def test_no_change_of_rules_leaves_a_row_twice(tmp_path: Path) -> None:
    chance = random.Random(11)
    forms = [contract(), contract("code"), contract("size"), contract("code", "size")]
    for case in range(CASES):
        towns = Towns(tmp_path / str(case))
        for _ in range(chance.randint(2, 5)):
            form = chance.choice(forms)
            rules = {
                "onRedrop": chance.choice(["replace", "append", "reject"]),
                "onRepeatedKey": chance.choice(["first", "last"]),
            }
            towns.define(form, **rules)
            texts = [
                "code,size\n"
                + "".join(
                    f"{chance.choice('abc')},{chance.randint(1, 3)}\n"
                    for _ in range(chance.randint(0, 3))
                )
                for _ in range(chance.randint(1, 2))
            ]
            name = chance.choice(["east.csv", "west.csv"])
            number = towns.drop(*texts, name=name)
            log = towns.world.rows("silver", "rows_log")
            values = {(row["_file"], row["_sequence"]): (row["code"], row["size"]) for row in log}
            places = Counter((row["_file"], row["_sequence"]) for row in towns.rows)
            assert max(places.values(), default=1) == 1, (case, number)
            for row in towns.rows:
                assert values[row["_file"], row["_sequence"]] == (row["code"], row["size"])
            brought = [row for row in log if row["_batch"] == number]
            if rules["onRedrop"] == "replace" and brought:
                # Of the name only what its newest file has.
                newest = {(row["code"], row["size"]) for row in brought}
                own = [row for row in towns.rows if row["_partition"] == name]
                assert {(row["code"], row["size"]) for row in own} <= newest
            before = towns.rows
            (towns.lake.root / towns.lake.folder(number) / "process.json").unlink()
            go_to_end(towns.world, number)
            assert towns.rows == before, "a repetition changes nothing"


def test_a_skipped_batch_is_merged_although_the_definition_that_came_for_it_lacks_its_source(
    towns: Towns,
) -> None:
    towns.define(contract())
    skipped = towns.plan("code,size\na,1\n")
    towns.die_before("silver merge", "rows", skipped)
    towns.lake.repair(skipped, towns.lake.define({}))
    towns.lake.skip(skipped)
    towns.define(contract())
    towns.drop("code,size\nb,2\n", name="b.csv")
    assert towns.silver("code", "size") == [("a", 1), ("b", 2)]


def test_columns_are_looked_at_where_the_definition_has_changed_alone(
    towns: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    table = Session.table

    def recorded(self: Session, name: str) -> Frame:
        looked.append(name)
        return table(self, name)

    monkeypatch.setattr(Session, "table", recorded)
    towns.define(contract(), onRedrop="append")
    towns.drop("code,size\na,1\n")
    looked.clear()
    towns.drop("code,size\nb,2\n", name="b.csv")
    assert looked == []
    towns.define(contract(more=TOWN), onRedrop="append")
    towns.drop("code,size,more\nc,3,x\n", name="c.csv")
    assert len(looked) > 2
    assert towns.silver("code", "more") == [("a", None), ("b", None), ("c", "x")]
