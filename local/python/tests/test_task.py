from pathlib import Path

import pytest

from assay_local.task import entry_point, run


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "tried").mkdir()
    (tmp_path / "tried" / "__init__.py").write_text(
        "import sys\n"
        "def declared(): return 'declared'\n"
        "def renamed(): return sys.argv\n"
        "def leave(): sys.exit(3)\n"
        "def leave_well(): sys.exit(0)\n"
        "def broken(): raise ValueError('no')\n"
    )
    info = tmp_path / "tried-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tried\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[console_scripts]\nshown = tried:declared\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "tried"


def test_a_name_of_the_metadata_comes_before_a_function(package: str) -> None:
    assert entry_point(package, "shown")() == "declared"
    assert entry_point(package, "declared")() == "declared"


@pytest.mark.parametrize(
    ("name", "error"),
    [("leave", "SystemExit: 3"), ("broken", "ValueError: no"), ("leave_well", None), ("declared", None)],
)
def test_only_an_exception_or_a_code_other_than_zero_fails(package: str, name: str, error: str | None) -> None:
    failed = run({"package": package, "entryPoint": name, "parameters": []})
    assert (failed["error"] if failed else None) == error
