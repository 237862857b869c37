"""`python -m assay_jobs.check`: all pipelines and contracts at one start of Python.

stdin:  {"pipelines": [{"pipeline", "sources": {name: contract},
                        "gold": {table: {"file", "sql", "key"}}}],
         "contracts": [schema, …]}
stdout: {"pipelines": {pipeline: {"tables": {table: {"reads": […]}}, "order": [table, …],
                                  "mistakes": [{"file", "line", "message", "instead"}],
                                  "warnings": [the same]}},
         "contracts": {"mistakes": [{"contract": index, "path": [key, …], "message", "instead"}]}}
"""

from __future__ import annotations

import json
import sys

from .contracts import check_contracts
from .sql import check_sql


def main() -> None:
    request = json.load(sys.stdin)
    answer = {
        "pipelines": {each["pipeline"]: check_sql(each) for each in request["pipelines"]},
        "contracts": check_contracts(request["contracts"]),
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
