/**
 * What is mutated of the job, by what. Pure is a module that makes no SQL and whose own tests need no Spark: what is
 * SQL has its meaning from Spark, and its tests run there. mutmut changes functions, not tables outside of them.
 */
const PACKAGE = "src/assay_jobs";

export const PURE_MODULES: readonly string[] = [
  "author_sql",
  "check/outputs",
  "check/sql",
  "check/tables",
  "contract/grammar",
  "contract/instants",
  "contract/keywords",
  "contract/patterns",
  "contract/repetition",
  "determinism/functions",
  "determinism/judge",
  "determinism/order",
  "determinism/rounding",
  "failures",
  "places",
  "quoting",
  "silver/formats/csv_rows",
  "silver/formats/fault",
  "silver/formats/header",
  "silver/formats/json_rows",
  "silver/formats/ndjson_rows",
  "silver/formats/opening",
  "silver/formats/row",
  "spark_errors",
  "suggestion",
].map((name) => `${PACKAGE}/${name}.py`);

export const PURE_TESTS: readonly string[] = [
  "author_sql",
  "check_places",
  "check_sql",
  "contract",
  "failures",
  "formats",
  "instants",
  "keywords",
  "patterns",
  "quoting",
  "repetition",
  "rounding",
  "rows",
  "suggestion",
].map((name) => `tests/test_${name}.py`);

/** It reads the sample's own files, which do not lie beside the copy. */
const LEFT_OUT = "tests/test_check_sql.py::test_the_sample_is_good";

export const settings = (
  modules: readonly string[],
  tests: readonly string[],
  seed: number,
): string => `[tool.mutmut]
source_paths = ["src"]
only_mutate = ${JSON.stringify(modules)}
pytest_add_cli_args_test_selection = ${JSON.stringify(tests)}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no_deadline", "--hypothesis-seed=${seed}", "--deselect", "${LEFT_OUT}"]
use_git_change_detection = false

[tool.pytest.ini_options]
pythonpath = ["tests"]
`;
