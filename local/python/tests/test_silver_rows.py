import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from assay_local.silver_rows import SourceForm, compare, left_out_batches, newest_files

Row = dict[str, Any]
STREAM = SourceForm("readings", replaces=False, key=())
FILES = SourceForm("stations", replaces=True, key=("iata",))
LINES = SourceForm("stations", replaces=True, key=())


def row(sequence: int, verdict: str = "accepted", batch: int = 1, **more: object) -> Row:
    place = {"_generation": "g", "_partition": "0", "_sequence": sequence, "_file": "f"}
    return {"_batch": batch, "_verdict": verdict, **place, "iata": f"k{sequence}", **more}


def found(tmp_path: Path, form: SourceForm, log: list[Row], silver: list[Row], **newest: str) -> dict[str, Any]:
    write_deltalake(tmp_path / "log", pa.Table.from_pylist(log), mode="overwrite")
    write_deltalake(tmp_path / "table", pa.Table.from_pylist(silver), mode="overwrite")
    return compare(tmp_path / "log", tmp_path / "table", form, newest)


def test_silver_is_what_the_log_calls_good(tmp_path: Path) -> None:
    log = [row(1), row(2, "late"), row(3, "duplicate"), row(4, "quarantined")]
    assert found(tmp_path, STREAM, log, [row(1), row(2)]) == {
        "rows": 2,
        "missing": 0,
        "extra": 0,
        "doubled": 0,
        "some": [],
    }


def test_a_row_that_was_deleted_by_hand_is_missing(tmp_path: Path) -> None:
    compared = found(tmp_path, STREAM, [row(1), row(2)], [row(1)])
    assert (compared["missing"], compared["extra"], compared["some"]) == (1, 0, ["g/0/2/f"])


def test_a_row_that_the_log_does_not_call_good_is_extra(tmp_path: Path) -> None:
    compared = found(tmp_path, STREAM, [row(1), row(2, "quarantined")], [row(1), row(2)])
    assert (compared["missing"], compared["extra"]) == (0, 1)


def test_a_doubled_row_is_seen(tmp_path: Path) -> None:
    assert found(tmp_path, STREAM, [row(1)], [row(1), row(1)])["doubled"] == 1


def file(name: str, iata: str, file: str, batch: int, verdict: str = "accepted") -> Row:
    return row(1, verdict, batch, _generation="files", _partition=name, iata=iata, _file=file)


def test_of_files_of_one_name_the_newest_counts_though_rows_that_are_alike_keep_the_older_ones_id(
    tmp_path: Path,
) -> None:
    log = [file("a", "X", "f1", 1), file("a", "Y", "f1", 1), file("a", "X", "f2", 2)]
    silver = [file("a", "X", "f1", 1)]
    assert found(tmp_path, FILES, log, silver, a="f2")["missing"] == 0
    gone = found(tmp_path, FILES, log, [file("a", "Y", "f1", 1)], a="f2")
    assert (gone["missing"], gone["extra"]) == (1, 1)


def test_a_file_that_nobody_could_read_replaces_nothing_and_one_without_rows_leaves_nothing_certain(
    tmp_path: Path,
) -> None:
    log = [file("a", "X", "f1", 1), file("a", "Z", "f2", 2, "quarantined")]
    assert found(tmp_path, FILES, log, [file("a", "Q", "f", 1)], a="f2")["missing"] == 1
    assert found(tmp_path, FILES, log, [file("a", "Q", "f", 1)], a="empty")["missing"] == 0


def test_where_the_last_row_with_a_key_stands_a_row_is_its_key(tmp_path: Path) -> None:
    form = SourceForm("stations", replaces=False, key=("iata",), last_wins=True)
    log = [file("a", "X", "f1", 1), file("b", "X", "f2", 2), file("a", "Y", "f1", 1)]
    silver = [file("b", "X", "f2", 2), file("a", "Y", "f1", 1)]
    assert found(tmp_path, form, log, silver)["missing"] == 0
    assert found(tmp_path, form, log, silver[1:])["missing"] == 1


def test_rows_of_one_event_have_places_of_their_own(tmp_path: Path) -> None:
    log = [row(1, _item=1), row(1, _item=2)]
    assert found(tmp_path, STREAM, log, log)["doubled"] == 0
    assert found(tmp_path, STREAM, log, log[:1])["missing"] == 1


def test_without_a_key_a_row_is_its_line(tmp_path: Path) -> None:
    log = [row(1, _partition="a", _file="f1"), row(1, batch=2, _partition="a", _file="f2")]
    assert found(tmp_path, LINES, log, [row(1, _partition="a", _file="f1")], a="f2")["missing"] == 0


def test_the_newest_file_of_a_name_is_the_last_of_the_processed_batches(tmp_path: Path) -> None:
    for number, (identity, is_processed) in enumerate([("f1", True), ("f2", True), ("f3", False)]):
        folder = tmp_path / f"{number + 1:010d}"
        folder.mkdir()
        files = [{"source": "s", "name": "a", "id": identity}, {"source": "other", "name": "a", "id": "x"}]
        (folder / "manifest.json").write_text(json.dumps({"files": files}))
        if is_processed:
            (folder / "process.json").write_text("{}")
    assert newest_files(tmp_path, "s") == {"a": "f2"}


def test_rows_of_a_batch_that_was_skipped_without_an_account_are_not_missed(tmp_path: Path) -> None:
    for number, account in ((2, None), (3, "silver.json")):
        folder = tmp_path / "batches" / f"{number:010d}"
        folder.mkdir(parents=True)
        for name in ("skipped.json", account):
            if name is not None:
                (folder / name).write_text("{}")
    left_out = left_out_batches(tmp_path / "batches")
    assert left_out == {2}
    found(tmp_path, STREAM, [row(1), row(2, batch=2), row(3, batch=3)], [row(1)])
    compared = compare(tmp_path / "log", tmp_path / "table", STREAM, {}, left_out)
    assert (compared["missing"], compared["some"]) == (1, ["g/0/3/f"])
