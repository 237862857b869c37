from pathlib import Path

from assay_local.tables import delta_tables, remove_unborn


def test_a_table_whose_creation_was_killed_before_its_first_commit_is_cleared(tmp_path: Path) -> None:
    born = tmp_path / "flights_silver.db" / "flights" / "_delta_log"
    unborn = tmp_path / "flights_silver.db" / "airports_log" / "_delta_log"
    for log in (born, unborn):
        log.mkdir(parents=True)
    (born / "00000000000000000000.json").write_text("{}")
    (unborn / ".00000000000000000000.json.1234.tmp").write_text("{")

    remove_unborn(tmp_path)

    assert [table for _, table, _ in delta_tables(tmp_path)] == ["flights"]
    assert born.is_dir()
    assert not unborn.parent.exists()
