/**
 * `npm test`: every test that a newcomer should see pass. `npm test -- unit integration/lake` runs the kinds named,
 * of which a path after the slash narrows one. `npm test -- coverage` writes the tables of COVERAGE.md.
 */
import { runSteps } from "./steps/index.mjs";
import { everydayKinds, testKinds } from "./steps/testKinds.mjs";

const wanted = process.argv.slice(2);
const chosen = wanted.length === 0 ? everydayKinds : wanted;
process.exitCode = await runSteps(
  chosen.flatMap((name) => {
    const [kind, ...path] = name.split("/");
    return testKinds[kind](path.length === 0 ? undefined : path.join("/"));
  }),
  { keepGoing: true },
);
