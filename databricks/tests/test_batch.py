"""What the job reads of a manifest, a definition and the batches before, without Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assay_jobs.batch import (
    DroppedFile,
    Gap,
    GoldTable,
    Reload,
    Sink,
    Slice,
    Source,
    checked_name,
    read_batch,
    read_batch_sources,
)
from assay_jobs.errors import InputError
from assay_jobs.lake import JobLake
from assay_jobs.previous import Previous, read_previous
from lakes import CSV, GENERATION, INCARNATION, ALake, events, files, gold

CONTRACT = {"properties": {"id": {"type": "string"}}}
SLICE = {"source": "flights", "stream": "hub/flights", "generation": GENERATION, "partition": "3",
         "from": 5, "to": 9, "path": "bronze/a.avro"}  # fmt: skip
GAP = {"source": "flights", "stream": "hub/flights", "generation": GENERATION, "partition": "3",
       "from": 1, "to": 4, "reason": "missing"}  # fmt: skip
FILE = {"source": "towns", "id": "f1", "path": "bronze/files/towns/f1/x", "name": "a.csv",
        "bytes": 7}  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> ALake:
    return ALake(tmp_path, "flights")


def job_lake(lake: ALake) -> JobLake:
    return JobLake(str(lake.root))


def put(lake: ALake, batch: int, name: str, document: dict[str, Any]) -> None:
    job_lake(lake).write(f"{lake.folder(batch)}/{name}", document)


def test_a_batch_has_what_its_manifest_and_its_definition_say(lake: ALake) -> None:
    digest = lake.define(
        {"flights": events(CONTRACT), "towns": files(CONTRACT)},
        {"sizes": gold("SELECT id FROM silver.towns", ["id"], "sizes")},
        sinks={"store": ["sizes"], "told": []},
        kinds={"told": "notify"},
    )
    lake.batch(
        [SLICE], [FILE], gaps=[GAP], reloads=[{"sink": "store", "table": "sizes"}, {"sink": "told"}]
    )
    batch = read_batch(job_lake(lake), "flights", 1)
    assert (batch.pipeline, batch.incarnation, batch.number) == ("flights", INCARNATION, 1)
    assert batch.created_at == "2026-02-01T00:00:00.000Z"
    assert batch.folder == "_assay/pipelines/flights/batches/0000000001"
    assert batch.slices == (Slice("flights", GENERATION, "3", 5, 9, "bronze/a.avro"),)
    assert batch.gaps == (Gap("flights", 4, "missing"),)
    assert batch.files == (DroppedFile("towns", "f1", "bronze/files/towns/f1/x", "a.csv", 7),)
    assert batch.reloads == (Reload("store", "sizes"), Reload("told", None))
    definition = batch.definition
    assert definition.digest == digest
    assert definition.sinks == {"store": Sink("cosmos", ("sizes",)), "told": Sink("notify", ())}
    sql = "SELECT id FROM silver.towns"
    assert definition.gold == (
        GoldTable("sizes", "gold/sizes.sql", "full", ("id",), "refuse", sql, ("silver.towns",)),
    )


def test_what_a_source_says_is_read_and_what_it_leaves_out_has_a_default(lake: ALake) -> None:
    lake.define({
        "bare": {"kind": "hub", "input": "stream", "stream": "hub/bare", "hub": "bare",
                 "consumerGroup": "assay", "contiguous": True, "contract": CONTRACT},
        "full": events(
            CONTRACT, contractFile="contracts/full.json", contractLines={"id": 3},
            contiguous=False, eventTime="id", lateAfterSeconds=60, futureAfterSeconds=70,
            split="array",
        ),
        "towns": files(CONTRACT, onRedrop="append", onRepeatedKey="last"),
    })  # fmt: skip
    lake.batch()
    sources = read_batch(job_lake(lake), "flights", 1).definition.sources
    assert sources["bare"] == Source(
        "bare", "stream", CONTRACT, None, {}, True, None, None, 86_400, None, "replace", "first", {}
    )
    assert sources["full"] == Source(
        "full", "stream", CONTRACT, "contracts/full.json", {"id": 3}, False, "id", 60, 70, "array",
        "replace", "first", {},
    )  # fmt: skip
    assert sources["towns"] == Source(
        "towns", "files", CONTRACT, None, {}, True, None, None, 86_400, None, "append", "last", CSV
    )


def test_slices_files_and_gaps_are_those_of_one_source(lake: ALake) -> None:
    lake.define({name: events(CONTRACT) for name in ("flights", "towns")})
    gaps = [
        GAP,
        {**GAP, "from": 10, "to": 10},
        {**GAP, "from": 11, "to": 12, "reason": "expired"},
        {**GAP, "source": "towns", "from": 0, "to": 0},
    ]
    lake.batch([SLICE, {**SLICE, "source": "towns", "from": 6}], [FILE], gaps=gaps)
    batch = read_batch(job_lake(lake), "flights", 1)
    assert [each.first for each in batch.slices_of("flights")] == [5]
    assert [each.first for each in batch.slices_of("towns")] == [6]
    assert [each.id for each in batch.files_of("towns")] == ["f1"]
    assert batch.files_of("flights") == []
    assert batch.gaps_of("flights") == {"missing": 5, "expired": 2}
    assert batch.gaps_of("towns") == {"missing": 1}
    assert read_batch_sources(job_lake(lake), "flights", 1) == ["flights", "towns"]


Inputs = list[dict[str, Any]]


@pytest.mark.parametrize(
    ("slices", "files_", "gaps", "source"),
    [([SLICE], [], [], "flights"), ([], [FILE], [], "towns"), ([], [], [GAP], "flights")],
)
def test_input_of_a_source_that_the_definition_lacks_is_told(
    lake: ALake, slices: Inputs, files_: Inputs, gaps: Inputs, source: str
) -> None:
    lake.define({"others": events(CONTRACT)})
    lake.batch(slices, files_, gaps=gaps)
    with pytest.raises(InputError) as error:
        read_batch(job_lake(lake), "flights", 1)
    assert error.value.condition == "SOURCE_NOT_FOUND"
    assert str(error.value) == (
        f"batch 1 brings input of {source}, which the definition lacks: "
        "keep the source until its last batch is done"
    )


def test_a_repaired_definition_stands_before_the_manifests_but_where_it_is_asked_as_planned(
    lake: ALake,
) -> None:
    planned = lake.define({"flights": events(CONTRACT)})
    lake.batch()
    repaired = lake.define({"flights": events(CONTRACT, lateAfterSeconds=9)})
    lake.repair(1, repaired)
    assert read_batch(job_lake(lake), "flights", 1).definition.digest == repaired
    as_planned = read_batch(job_lake(lake), "flights", 1, is_as_planned=True)
    assert as_planned.definition.digest == planned


@pytest.mark.parametrize("name", ["a", "a1_b", "zz9_"])
def test_a_name_is_a_letter_and_what_may_follow_it(name: str) -> None:
    assert checked_name(name, "source") == name


@pytest.mark.parametrize("name", ["", "1a", "_a", "A", "a-b", "a.b", "a\n", "é"])
def test_another_name_is_refused_with_what_it_names(name: str) -> None:
    with pytest.raises(InputError) as error:
        checked_name(name, "source")
    assert error.value.condition == "NAME"
    assert str(error.value) == (
        f'the source "{name}" must be lower case letters, digits and underscores, letter first'
    )


MANIFEST = {"pipeline": "flights", "incarnation": "i", "batch": 1, "createdAt": "",
            "definition": "d", "slices": [], "files": [], "reloads": []}  # fmt: skip
DEFINITION = {"digest": "d", "sources": {}, "gold": {}, "goldOrder": [], "sinks": {}}


@pytest.mark.parametrize(
    ("manifest", "definition", "told"),
    [
        ({"pipeline": "Flights"}, {}, 'the pipeline "Flights" must be'),
        ({}, {"sources": {"Flights": events(CONTRACT)}}, 'the source "Flights" must be'),
        (
            {},
            {"gold": {"Sizes": gold("SELECT 1", ["id"])}, "goldOrder": ["Sizes"]},
            'the gold table "Sizes" must be',
        ),
    ],
)
def test_the_names_of_a_pipeline_its_sources_and_its_tables_are_checked(
    lake: ALake, manifest: dict[str, Any], definition: dict[str, Any], told: str
) -> None:
    """The app writes none of these: its schemas refuse them."""
    job_lake(lake).write("_assay/definitions/flights/d.json", {**DEFINITION, **definition})
    job_lake(lake).write(f"{lake.folder(1)}/manifest.json", {**MANIFEST, **manifest})
    with pytest.raises(InputError, match=told):
        read_batch(job_lake(lake), "flights", 1)


def test_the_names_of_a_batchs_sources_are_checked_without_its_definition(lake: ALake) -> None:
    manifest = {**MANIFEST, "slices": [{**SLICE, "source": "X"}]}
    job_lake(lake).write(f"{lake.folder(1)}/manifest.json", manifest)
    with pytest.raises(InputError, match='the source "X" must be'):
        read_batch_sources(job_lake(lake), "flights", 1)


def process(definition: str, newest: dict[str, str]) -> dict[str, Any]:
    return {
        "definition": definition,
        "newestEventAt": newest,
        "tables": {"sizes": {"key": ["id", "day"]}},
        "sinks": {"store": {"tables": ["sizes"]}},
    }


def account(newest: str | None) -> dict[str, Any]:
    return {"newestEventAt": newest}


def test_before_the_first_batch_there_is_nothing(lake: ALake) -> None:
    nothing = Previous(0, {})
    assert read_previous(job_lake(lake), "flights", 1) == nothing
    assert nothing.is_none
    assert nothing.key_of("sizes") is None
    assert not nothing.delivers("store", "cosmos", "sizes")


def test_the_batch_before_is_the_last_that_was_processed_and_the_skipped_ones_are_told(
    lake: ALake,
) -> None:
    digest = lake.define({}, {"sizes": gold("SELECT 1", ["id"])}, sinks={"store": ["sizes"]})
    put(lake, 1, "process.json", process(digest, {"flights": "t1"}))
    put(lake, 2, "process.json", process(digest, {"flights": "t2", "towns": "t2", "old": "t2"}))
    put(lake, 3, "silver.json", {"sources": {"flights": account("t3"), "towns": account("t3")}})
    put(lake, 5, "silver.json", {"sources": {"flights": account("t5"), "towns": account(None)}})
    found = read_previous(job_lake(lake), "flights", 7)
    assert found == Previous(
        number=2,
        newest={"flights": "t5", "towns": "t3", "old": "t2"},
        definition=digest,
        tables={"sizes": {"key": ["id", "day"]}},
        sinks={"store": Sink("cosmos", ("sizes",))},
        skipped=(6, 4),
        accounted=(3, 5),
    )
    assert not found.is_none
    assert not found.has_tables_of(digest), "a skipped one may have changed them"
    before = read_previous(job_lake(lake), "flights", 3)
    assert before.has_tables_of(digest) and not before.has_tables_of("another")
    assert found.key_of("sizes") == ("id", "day")
    assert found.key_of("others") is None
    assert found.delivers("store", "cosmos", "sizes")
    assert not found.delivers("store", "notify", "sizes")
    assert not found.delivers("store", "cosmos", "others")
    assert not found.delivers("other", "cosmos", "sizes")


def test_where_all_batches_before_were_skipped_their_events_count_all_the_same(
    lake: ALake,
) -> None:
    put(lake, 1, "silver.json", {"sources": {"flights": account("t1")}})
    put(lake, 3, "silver.json", {"sources": {"towns": account("t3")}})
    found = read_previous(job_lake(lake), "flights", 4)
    assert found == Previous(0, {"flights": "t1", "towns": "t3"}, skipped=(2,), accounted=(1, 3))
    assert not found.is_none


def test_a_batch_that_was_skipped_without_its_rows_counts_as_one_without_an_account(
    lake: ALake,
) -> None:
    put(lake, 1, "silver.json", {"sources": {"flights": account("t1")}})
    put(lake, 1, "skipped.json", {"withoutRows": True})
    put(lake, 2, "silver.json", {"sources": {"flights": account("t2")}})
    put(lake, 2, "skipped.json", {})
    found = read_previous(job_lake(lake), "flights", 3)
    assert found == Previous(0, {"flights": "t2"}, skipped=(1,), accounted=(2,))
