/**
 * What is mutated of the job, by what. Pure is a module that makes no SQL and whose own tests need no Spark: what is
 * SQL has its meaning from Spark, and its tests run there. mutmut changes functions, not tables outside of them.
 */
const PACKAGE = "src/assay_jobs";

const PURE = [
  "author_sql",
  "batch",
  "check/contracts",
  "check/outputs",
  "check/sql",
  "check/tables",
  "check/warnings",
  "commit_points",
  "contract/grammar",
  "contract/instants",
  "contract/keywords",
  "contract/patterns",
  "contract/repetition",
  "determinism/functions",
  "determinism/judge",
  "determinism/order",
  "determinism/rounding",
  "errors",
  "failures",
  "lake",
  "places",
  "previous",
  "quoting",
  "request",
  "silver/formats/avro",
  "silver/formats/csv_rows",
  "silver/formats/fault",
  "silver/formats/header",
  "silver/formats/json_rows",
  "silver/formats/ndjson_rows",
  "silver/formats/opening",
  "silver/formats/parquet",
  "silver/formats/reference_rows",
  "silver/formats/row",
  "spark_errors",
  "suggestion",
];
export const PURE_MODULES: readonly string[] = PURE.map(
  (name) => `${PACKAGE}/${name}.py`,
);

/** The others, by their names or the folders that they lie in: why no mutant is made of them. */
export const NOT_MUTATED: Readonly<Record<string, string>> = {
  "contract/bodies": "It makes SQL.",
  "contract/checking": "It makes SQL.",
  "contract/problems": "It makes SQL.",
  "contract/reader": "It makes SQL: each rule is a condition of it.",
  "contract/whole_numbers": "It makes SQL.",
  "silver/taking_out": "It works on tables of Delta.",
  gold: "It makes SQL, and its tests run it.",
  "silver/batch_counts": "It makes SQL.",
  "silver/events": "It makes SQL.",
  "silver/files": "It makes SQL.",
  "silver/formats/columnar": "Spark reads what it names.",
  "silver/formats/text_files": "Spark reads what it writes.",
  "silver/merge": "It makes SQL.",
  "silver/replacing": "It makes SQL.",
  "silver/source": "It makes SQL.",
  "silver/tables": "It makes SQL.",
  "silver/verdicts": "It makes SQL.",
  verify_contract: "It makes SQL.",
  warehouse: "It is Spark's client.",
  attempt: "It hands one attempt's parts around; the attempts' tests run them.",
  runner: "It runs the steps; the attempts' tests run it.",
  steps: "They run SQL.",
  process_batch: "The entry: a process of its own, which mutants do not reach.",
  "check/__main__":
    "The entry: a process of its own, which mutants do not reach.",
  "check/mistake": "It has no function.",
  "contract/vectors": "It reads a file of the package, and nothing else.",
  "silver/formats/family": "It has no function.",
};

export const PURE_TESTS: readonly string[] = [
  "author_sql",
  "batch",
  "check_contracts",
  "check_places",
  "check_sql",
  "check_tables",
  "contract",
  "damaged_files",
  "determinism",
  "errors",
  "failures",
  "formats",
  "frames",
  "instants",
  "keywords",
  "kinds",
  "lake",
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
