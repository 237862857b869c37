"""The lines of JSON in which the rows of a file go to Spark."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay_jobs.silver.formats.row import Row, line_of, raw_body, schema_of

ODD = 'a "b" \\ \n ü \x00'


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (Row("a"), {"_raw": "a"}),
        (Row(""), {"_raw": ""}),
        (Row(ODD, problem=ODD), {"_raw": ODD, "_fault": ODD}),
        (Row(None, "YQ=="), {"_bytes": "YQ=="}),
        (Row("a", texts={0: ODD, 12: "b"}), {"_raw": "a", "_text_0": ODD, "_text_12": "b"}),
        (Row(None, "YQ==", {3: "b\udcff"}), {"_bytes": "YQ==", "_text_3": "b\ufffd"}),
    ],
)
def test_a_row_is_a_line_that_json_reads(row: Row, more: dict[str, Any]) -> None:
    line = line_of("0f", 7, row)
    assert line.endswith("}\n")
    assert line.count("\n") == 1
    assert json.loads(line) == {"_file": "0f", "_sequence": 7, **more}


def test_a_body_is_text_or_the_bytes_that_it_has() -> None:
    assert raw_body("plain") == ("plain", None)
    assert raw_body("ü") == ("ü", None)
    assert raw_body("a\udcff") == (None, "Yf8=")


def test_the_schema_has_a_text_for_each_property() -> None:
    own = "_file string, _sequence bigint, _fault string, _raw string, _bytes string"
    assert schema_of([]) == own
    assert schema_of(["a", "b"]) == f"{own}, _text_0 string, _text_1 string"
