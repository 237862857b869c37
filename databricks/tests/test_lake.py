"""The lake's documents, the parameters of a run and the look before each change, without Spark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay_jobs.commit_points import BatchEndedError, CommitPoints, Pause
from assay_jobs.lake import JobLake, batch_folder, definition_path
from assay_jobs.request import Request, read_request


@pytest.fixture
def lake(tmp_path: Path) -> JobLake:
    return JobLake(str(tmp_path))


def test_a_document_is_written_as_one_reads_it_and_nothing_is_left_beside_it(
    lake: JobLake, tmp_path: Path
) -> None:
    lake.write("a/b/c.json", {"name": "Jürgen", "n": [1]})
    assert (tmp_path / "a/b/c.json").read_bytes() == (
        '{\n "name": "Jürgen",\n "n": [\n  1\n ]\n}'.encode()
    )
    lake.write("a/b/c.json", {"n": 2})
    assert lake.read("a/b/c.json") == lake.find("a/b/c.json") == {"n": 2}
    assert [each.name for each in (tmp_path / "a/b").iterdir()] == ["c.json"]


def test_what_is_not_there_is_none_or_told(lake: JobLake, tmp_path: Path) -> None:
    assert not lake.has("a.json")
    assert lake.find("a.json") is None
    with pytest.raises(FileNotFoundError) as error:
        lake.read("a.json")
    assert str(error.value) == f"a.json is not in the lake {tmp_path}"
    lake.write("a.json", {})
    assert lake.has("a.json")
    assert lake.read("a.json") == {}


def test_a_reader_sees_the_old_document_until_the_new_one_is_whole(
    lake: JobLake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.write("a.json", {"n": 1})
    seen: list[object] = []

    def sync(file: int) -> None:
        [temporary] = tmp_path.glob("a.json.*.tmp")
        # What is behind the name once it is renamed is on the disk by then.
        assert os.path.samestat(os.fstat(file), temporary.stat())
        assert temporary.read_text() == '{\n "n": 2\n}'
        seen.append(lake.read("a.json"))

    monkeypatch.setattr(os, "fsync", sync)
    lake.write("a.json", {"n": 2})
    assert seen == [{"n": 1}]
    assert lake.read("a.json") == {"n": 2}


@pytest.mark.parametrize("root", ["/lake", "/lake/", "/lake//"])
def test_a_path_lies_below_the_root_however_that_ends(root: str) -> None:
    assert JobLake(root).path("a/b.json") == "/lake/a/b.json"
    assert JobLake("/X").path("a") == "/X/a"


@pytest.mark.parametrize(
    "uri",
    ["file:/lake/work/1/part-0.json", "dbfs:/Volumes/work/x/work/1/part-0.json",
     "/lake/wo%72k/1/part-0.json"],
)  # fmt: skip
def test_a_path_as_spark_spells_it_is_relative_to_the_root(lake: JobLake, uri: str) -> None:
    assert lake.relative(uri, "work/") == "work/1/part-0.json"


def test_folders_of_batches_sort_as_their_numbers() -> None:
    assert batch_folder("flights", 7) == "_assay/pipelines/flights/batches/0000000007"
    assert batch_folder("flights", 10**9) == "_assay/pipelines/flights/batches/1000000000"
    assert definition_path("flights", "d") == "_assay/definitions/flights/d.json"


def test_before_a_change_it_is_looked_whether_the_batch_has_ended(lake: JobLake) -> None:
    passed: list[Pause] = []
    points = CommitPoints(lake, "b", passed.append)
    points.before("silver log", "flights")
    points.before("process.json")
    assert passed == [
        Pause("silver log", "look", "flights"),
        Pause("silver log", "change", "flights"),
        Pause("process.json", "look", ""),
        Pause("process.json", "change", ""),
    ]
    assert not points.has_ended()
    with pytest.raises(AssertionError):
        points.before("somewhere")


@pytest.mark.parametrize("end", ["process", "skipped"])
def test_of_a_batch_that_has_ended_nothing_is_changed(lake: JobLake, end: str) -> None:
    passed: list[Pause] = []
    points = CommitPoints(lake, "b", passed.append)
    lake.write(f"b/{end}.json", {})
    assert points.has_ended()
    with pytest.raises(BatchEndedError) as error:
        points.before("gold seal")
    assert error.value.args == ("b",)
    assert passed == [Pause("gold seal", "look", "")]
    with pytest.raises(BatchEndedError):
        CommitPoints(lake, "b").before("gold seal")


NEEDED = ["--pipeline", "flights", "--batch", "7", "--attempt", "2", "--root", "/lake",
          "--catalog", "main"]  # fmt: skip


def test_a_request_is_the_parameters_of_a_run() -> None:
    assert read_request(NEEDED, None) == Request("flights", 7, 2, "/lake", "main", "false")
    on = read_request([*NEEDED, "--deletion_vectors", "true"], None)
    assert on == Request("flights", 7, 2, "/lake", "main", "true")
    off = read_request([*NEEDED, "--deletion_vectors", "false"], None)
    assert off == Request("flights", 7, 2, "/lake", "main", "false")


@pytest.mark.parametrize("missing", NEEDED[::2])
def test_a_parameter_that_is_missing_is_named(
    missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = NEEDED.index(missing)
    with pytest.raises(SystemExit):
        read_request(NEEDED[:at] + NEEDED[at + 2 :], "What it does.")
    told = capsys.readouterr().err
    assert told.startswith("usage: process_batch ")
    assert told.endswith(f"required: {missing}\n")


def test_a_parameter_of_another_form_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for more in (["--batch", "x"], ["--attempt", "x"], ["--deletion_vectors", "maybe"]):
        with pytest.raises(SystemExit):
            read_request([*NEEDED, *more], None)
        assert more[0] in capsys.readouterr().err
    with pytest.raises(SystemExit):
        read_request(["--help"], "What it does.")
    assert "What it does." in capsys.readouterr().out
