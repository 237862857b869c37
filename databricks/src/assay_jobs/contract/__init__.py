"""Contracts: the part of JSON Schema (2020-12) that is checked at scale, in SQL.

What is not known here is refused, never ignored: a rule that nobody checks is worse than none.
"""

from .bodies import read_bodies
from .checking import check_json, check_text
from .grammar import Mistake, find_mistakes
from .problems import PROBLEMS_TYPE, from_reason
from .reader import Contract, Property, Rule, read_contract

__all__ = [
    "PROBLEMS_TYPE",
    "Contract",
    "Mistake",
    "Property",
    "Rule",
    "check_json",
    "check_text",
    "find_mistakes",
    "from_reason",
    "read_bodies",
    "read_contract",
]
