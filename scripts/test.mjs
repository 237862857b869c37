/**
 * `npm test`: every test that a newcomer should see pass. `npm test -- unit integration/lake` runs the kinds named,
 * of which a path after the slash narrows one. `npm test -- coverage` writes the tables of COVERAGE.md.
 */
import { runSteps } from "./steps/index.mjs";
import { jest, packageApp, pytest } from "./steps/tools.mjs";

const kinds = {
  unit: (path) => [jest("unit", path)],
  orchestrators: (path) => [jest("orchestrators", path)],
  python: (path) =>
    path === undefined
      ? [pytest("local/python"), pytest("databricks")]
      : [pytest("databricks", path)],
  integration: (path) => [jest("integration", path)],
  e2e: (path) => [packageApp(), jest("e2e", path)],
};
const all = Object.keys(kinds);
/** Runs other people's clients and writes who has seen what work; a plain run holds the pages against it. */
kinds.coverage = (path = "") => [
  jest("integration", `clients/${path}`, { ASSAY_WRITE_COVERAGE: "1" }),
];

const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? all : wanted;
process.exitCode = await runSteps(
  chosen.flatMap((name) => {
    const [kind, ...path] = name.split("/");
    return kinds[kind](path.length === 0 ? undefined : path.join("/"));
  }),
  { keepGoing: true },
);
