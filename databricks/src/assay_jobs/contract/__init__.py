"""Contracts: the part of JSON Schema (2020-12) that is checked at scale, in SQL.

What is not known here is refused, never ignored: a rule that nobody checks is worse than none.
"""

from .checking import check_json, check_text
from .grammar import Mistake, find_mistakes
from .reader import Contract, Property, Rule, read_contract

__all__ = [
    "Contract",
    "Mistake",
    "Property",
    "Rule",
    "check_json",
    "check_text",
    "find_mistakes",
    "read_contract",
]
