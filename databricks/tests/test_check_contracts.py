"""What packaging is told of several contracts at once."""

from __future__ import annotations

from assay_jobs.check.contracts import check_contracts


def test_each_mistake_says_of_which_contract_it_is_and_where() -> None:
    good = {"properties": {"a": {"type": "string"}}}
    bad = {"properties": {"a": {"type": "string", "minLen": 1}, "b": {"type": "text"}}}
    found = check_contracts([good, bad, good, bad])["mistakes"]
    assert [(each["contract"], each["path"]) for each in found] == [
        (1, ["properties", "a", "minLen"]),
        (1, ["properties", "b", "type"]),
        (3, ["properties", "a", "minLen"]),
        (3, ["properties", "b", "type"]),
    ]
    assert found[0] == {
        "contract": 1,
        "path": ["properties", "a", "minLen"],
        "message": "is an unknown key",
        "instead": "Did you mean minLength?",
    }
    assert check_contracts([]) == {"mistakes": []}
