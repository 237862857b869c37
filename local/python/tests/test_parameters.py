import pytest

from assay_local.parameters import bind


def test_a_named_parameter_becomes_a_typed_literal() -> None:
    given = [{"name": "n", "value": "7", "type": "INT"}]
    assert bind("SELECT :n + :n", given) == "SELECT CAST('7' AS INT) + CAST('7' AS INT)"


def test_a_value_cannot_leave_its_literal() -> None:
    given = [{"name": "text", "value": "it's \\' OR 1=1 --"}]
    assert bind("SELECT :text", given) == "SELECT CAST('it\\'s \\\\\\' OR 1=1 --' AS STRING)"


def test_no_value_is_null_of_its_type() -> None:
    assert bind("SELECT :day", [{"name": "day", "type": "DATE"}]) == "SELECT CAST(NULL AS DATE)"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ':n'",
        "SELECT 1 -- :n",
        "SELECT 1 /* :n */",
        "SELECT v:n",
        "SELECT v[0]:n",
        "SELECT x::n",
        "SELECT :other",
    ],
)
def test_texts_comments_paths_casts_and_other_names_stay(sql: str) -> None:
    assert bind(sql, [{"name": "n", "value": "7", "type": "INT"}]) == sql


def test_a_type_is_a_type_and_nothing_more() -> None:
    with pytest.raises(ValueError, match="unknown type"):
        bind("SELECT :n", [{"name": "n", "value": "7", "type": "INT) --"}])
