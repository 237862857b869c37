"""Whether a statement only reads: ``python -m assay_local.reading`` with the statement as input prints ``true`` or a
reason. It keeps a person from a slip of hers; it is no guard against an attack.
"""

import json
import sys

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

# What changes a table, a catalog or a session, wherever it stands in a statement.
_WRITES = (
    exp.Alter,
    exp.Analyze,
    exp.Cache,
    exp.Copy,
    exp.Create,
    exp.DDL,
    exp.Delete,
    exp.Drop,
    exp.Insert,
    exp.Into,
    exp.LoadData,
    exp.Merge,
    exp.Set,
    exp.TruncateTable,
    exp.Uncache,
    exp.Update,
    exp.Use,
)
# sqlglot keeps statements that it does not take apart as their first word.
_READING_COMMANDS = {"SHOW", "EXPLAIN", "DESCRIBE", "DESC", "LIST"}


def why_it_may_write(statement: str) -> str | None:
    """Nothing where it only reads."""
    try:
        trees = [tree for tree in sqlglot.parse(statement, dialect="databricks") if tree is not None]
    except SqlglotError:
        return "it cannot be taken apart"
    if len(trees) != 1:
        return f"it is {len(trees)} statements"
    tree = trees[0]
    if isinstance(tree, exp.Command):
        word = str(tree.this).upper()
        return None if word in _READING_COMMANDS else f"it is {word}"
    write = next((node for node in tree.find_all(*_WRITES) if not isinstance(node, exp.Query)), None)
    if write is not None:
        return f"it holds {write.key.upper()}"
    reads = isinstance(tree, exp.Query | exp.Describe | exp.Show | exp.Values)
    return None if reads else f"it is {tree.key.upper()}"


if __name__ == "__main__":
    json.dump(why_it_may_write(sys.stdin.read()), sys.stdout)
