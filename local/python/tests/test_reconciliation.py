from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

from assay_local.reconciliation import as_text, read_log


def row(sequence: int, verdict: str, **more: object) -> dict[str, object]:
    place = {"_generation": "g", "_partition": "0", "_sequence": sequence, "_file": "f"}
    return {"_verdict": verdict, "_reason": None, **place, **more}


def test_an_event_that_the_log_counts_twice_is_found_and_a_duplicate_is_none(tmp_path: Path) -> None:
    rows = [
        row(1, "accepted"),
        row(2, "late"),
        row(2, "accepted"),
        row(1, "duplicate", _reason="position"),
        row(3, "duplicate"),
    ]
    write_deltalake(tmp_path, pa.Table.from_pylist(rows))
    log = read_log(tmp_path)
    assert log["repeated"] == {"g/0": 1}
    assert log["positions"] == {"g/0": [(1, 3)]}
    assert log["verdicts"] == {"accepted": 2, "late": 1, "duplicate": 2}


def test_a_row_that_was_appended_twice_is_found_whatever_its_verdict_and_wherever_it_came_from(tmp_path: Path) -> None:
    twice = [row(1, "quarantined"), row(2, "duplicate", _reason="x-key")] * 2
    dropped = [row(1, "accepted", _generation="files", _file=file) for file in ("f1", "f2", "f2")]
    write_deltalake(tmp_path, pa.Table.from_pylist([*twice, *dropped]))
    assert read_log(tmp_path)["repeated"] == {"g/0": 2, "files/0": 1}


def test_rows_of_one_event_are_told_from_each_other_and_the_mark_of_an_empty_file_is_none(tmp_path: Path) -> None:
    rows = [
        *(row(1, "accepted", _item=item) for item in (1, 2, 2)),
        row(0, "empty", _generation="files", _file="f3", _item=None),
    ]
    write_deltalake(tmp_path, pa.Table.from_pylist(rows))
    log = read_log(tmp_path)
    assert log["repeated"] == {"g/0": 1}
    assert log["files"] == {}


def test_a_file_that_was_refused_as_a_whole_is_told_from_one_that_was_dropped_again(tmp_path: Path) -> None:
    reasons = {"f1": "file: it is empty", "f2": "file: dropped again", "f3": "row: not 2 fields"}
    rows = [row(1, "quarantined", _generation="files", _file=file, _reason=reason) for file, reason in reasons.items()]
    write_deltalake(tmp_path, pa.Table.from_pylist(rows))
    log = read_log(tmp_path)
    assert log["files"] == {"f1": 1, "f2": 1, "f3": 1}
    assert log["refused"] == ["f1"]


def test_parts_of_keys_are_texts_as_spark_writes_them() -> None:
    parts = [True, 7, "ORD", date(2001, 3, 31), datetime(2001, 3, 31, 9, 0, 0, 5, tzinfo=UTC)]
    assert [as_text(part) for part in parts] == ["true", "7", "ORD", "2001-03-31", "2001-03-31T09:00:00.000005Z"]
