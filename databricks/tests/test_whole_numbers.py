"""Integers are read digit by digit, however they are written: as bodies, items of them, and CSV."""

from __future__ import annotations

import random
from fractions import Fraction

from pyspark.sql import DataFrame, SparkSession

from assay_jobs.contract import check_json, check_text, read_bodies, read_contract

CONTRACT = read_contract(
    {
        "type": "object",
        "properties": {
            "n": {"type": "integer"},
            "an id": {"type": "integer", "x-column": "an_id"},
            "part": {"type": "number"},
        },
    }
)
TYPE, RANGE = "type integer", "integer beyond 64 bits"
KNOWN = {
    "9007199254740993e0": 2**53 + 1,
    "9007199254740993.0": 2**53 + 1,
    "-9007199254740993E+0": -(2**53) - 1,
    "9223372036854775807e0": 2**63 - 1,
    "9223372036854775808e0": RANGE,
    "-9223372036854775808e0": -(2**63),
    "-9223372036854775809e0": RANGE,
    "922337203685477580700e-2": 2**63 - 1,
    "1" + "0" * 60 + "e-60": 1,
    "0." + "0" * 60 + "5e61": 5,
    "0." + "0" * 60 + "5e60": TYPE,
    "0." + "0" * 45 + "1": TYPE,
    "5." + "0" * 45: 5,
    "0.99999999999999999999e0": TYPE,
    "1e-400": TYPE,
    "2e-324": TYPE,
    "1e-99999999999": TYPE,
    "1e400": RANGE,
    "1e99999999999": RANGE,
    "-1e99999999999": RANGE,
    "0e-400": 0,
    "0e99999999999": 0,
    "-0.0e5": 0,
    "1e18": 10**18,
    "1e19": RANGE,
    "150e-1": 15,
    "15e-1": TYPE,
}


def some(count: int) -> dict[str, int | str]:
    chance = random.Random(20260101)
    found: dict[str, int | str] = {}
    while len(found) < count:
        text = chance.choice(["", "-"]) + str(chance.randrange(10 ** chance.randrange(1, 22)))
        if chance.random() < 0.6:
            text += "." + "".join(chance.choice("000259") for _ in range(chance.randrange(1, 9)))
        if chance.random() < 0.8:
            text += f"{chance.choice('eE')}{chance.choice(['', '+', '-'])}{chance.randrange(22)}"
        exact = Fraction(text)
        is_whole = exact.denominator == 1
        fits = -(2**63) <= exact < 2**63
        found[text] = int(exact) if is_whole and fits else RANGE if is_whole else TYPE
    return found


NUMBERS = KNOWN | some(400)


def judged(rows: DataFrame, column: str, *order: str) -> list[int | str]:
    found = rows.select("at", *order, column, "_problem").orderBy("at", *order).collect()
    return [
        row[column] if row["_problem"] is None else row["_problem"].partition(": ")[2]
        for row in found
    ]


def bodies(spark: SparkSession, *texts: str) -> DataFrame:
    rows = [(at, bytearray(text.encode())) for at, text in enumerate(texts)]
    return spark.createDataFrame(rows, "at int, _body binary")


FORMS = (
    '{"n" :%s}',
    '{"a text \\"with 1e5\\\\":"1e5, 2","n": %s ,"z":[1.5e9,{"n":-2E+3}]}',
    '{"an id":\n%s}',
)


def test_an_integer_of_a_body_is_exact_or_refused(spark: SparkSession) -> None:
    texts = [form % number for form in FORMS for number in NUMBERS]
    read = check_json(read_bodies(bodies(spark, *texts), "01"), CONTRACT)
    found = judged(read.selectExpr("at", "_problem", "coalesce(n, an_id) AS either"), "either")
    assert dict(zip(texts, found, strict=True)) == {
        form % number: wanted for form in FORMS for number, wanted in NUMBERS.items()
    }


def test_an_integer_of_an_item_is_exact_or_refused(spark: SparkSession) -> None:
    listed = ",".join(f'{{"n":{number}}}' for number in NUMBERS)
    for split, text in (("array", f"[{listed}]"), ("records", f'{{"records":[{listed}]}}')):
        read = read_bodies(bodies(spark, text), "01", split)  # type: ignore[arg-type]
        found = judged(check_json(read, CONTRACT), "n", "_item")
        assert dict(zip(NUMBERS, found, strict=True)) == NUMBERS


def test_an_integer_of_a_csv_is_exact_or_refused(spark: SparkSession) -> None:
    numbers = {**NUMBERS, "+5e0": 5, ".5e1": 5, "5.": 5, "5.e1": 50, "+7": 7, "e5": TYPE}
    rows = spark.createDataFrame(list(enumerate(numbers)), "at int, _text_0 string")
    texts = rows.selectExpr("*", "'1' AS _text_1", "'1' AS _text_2")
    found = judged(check_text(texts, CONTRACT), "n")
    assert dict(zip(numbers, found, strict=True)) == numbers


def test_a_number_beyond_a_double_is_refused_on_both_sides(spark: SparkSession) -> None:
    beyond = "number beyond a double"
    numbers = {"1e400": beyond, "-1e400": beyond, "1e308": 1e308, "-1e308": -1e308, "1e-400": 0.0}
    rows = spark.createDataFrame(list(enumerate(numbers)), "at int, _text_2 string")
    texts = rows.selectExpr("*", "'1' AS _text_0", "'1' AS _text_1")
    read = read_bodies(bodies(spark, *(f'{{"part":{number}}}' for number in numbers)), "01")
    for checked in (check_text(texts, CONTRACT), check_json(read, CONTRACT)):
        found = checked.select("at", "part", "_problem").orderBy("at").collect()
        told = [row["part"] if row["_problem"] is None else row["_problem"] for row in found]
        assert told == [f"part: {each}" if each == beyond else each for each in numbers.values()]


def test_a_limit_is_met_to_the_digit(spark: SparkSession) -> None:
    limits = {"minimum": -9007199254740992.0, "maximum": 9007199254740992.0}
    contract = read_contract({"type": "object", "properties": {"n": {"type": "integer", **limits}}})
    numbers = (2**53, 2**53 + 1, -(2**53), -(2**53) - 1)
    read = read_bodies(bodies(spark, *(f'{{"n":{number}}}' for number in numbers)), "01")
    found = judged(check_json(read, contract), "n")
    assert found == [2**53, "maximum 9007199254740992.0", -(2**53), "minimum -9007199254740992.0"]


def test_a_problem_shows_the_number_as_it_was_written(spark: SparkSession) -> None:
    read = read_bodies(bodies(spark, '{"n": 1e-400, "part": 1E+400}'), "01")
    [row] = check_json(read, CONTRACT).select("_problems").collect()
    assert [each["value"] for each in row["_problems"]] == ["1e-400", "1E+400"]
