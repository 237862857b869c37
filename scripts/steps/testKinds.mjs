import { jest, packageApp, pytest } from "./tools.mjs";

/** Kinds of tests that a plain `npm test` runs, each with its steps; a path narrows them. */
const everyday = {
  unit: (path) => [jest("unit", path)],
  orchestrators: (path) => [jest("orchestrators", path)],
  python: (path) =>
    path === undefined
      ? [pytest("local/python"), pytest("databricks")]
      : [pytest("databricks", path)],
  integration: (path) => [jest("integration", path)],
  e2e: (path) => [packageApp(), jest("e2e", path)],
};

/** All that may be named. */
export const testKinds = {
  ...everyday,
  /** Runs other people's clients and writes who has seen what work; a plain run holds the pages against it. */
  coverage: (path = "") => [
    jest("integration", `clients/${path}`, { ASSAY_WRITE_COVERAGE: "1" }),
  ],
};

export const everydayKinds = Object.keys(everyday);
