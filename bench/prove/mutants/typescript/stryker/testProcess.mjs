/** The process behind `loaded.mjs`: it is given files to load and tests to run, and says what came of them. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Suite } from "./suite.mjs";

/** Tests that take so much longer than without a mutant hang. */
const PATIENCE = { factor: 5, ms: 5_000 };
/** To load a test file with all that it imports. */
const LOADING_MS = 60_000;

const fromProject = createRequire(join(process.cwd(), "package.json"));
const { expect } = fromProject("expect");
const { bind } = fromProject("jest-each");
// The very module that the tests import: a library may have another one for `require`.
const { default: fc } = await import(
  import.meta.resolve("fast-check", pathToFileURL(process.cwd() + "/x"))
);

const [, , seed] = process.argv;
// What is left to chance follows from the proof's seed.
fc.configureGlobal({ seed: Number(seed) });

/** Stryker's code in the mutated files looks here for what to do. */
const stryker = (globalThis.__stryker__ ??= {});
const suite = new Suite({ stryker, expect, each: bind });
// A promise that a mutant has left behind must not end the process.
process.on("unhandledRejection", () => undefined);
process.on("uncaughtException", () => undefined);

process.on("message", async ({ load, run }) => {
  try {
    process.send(load ? await loadAll(load) : await runAsked(run));
  } catch (error) {
    process.send({ problem: String(error?.stack ?? error) });
  }
});
process.on("disconnect", () => process.exit(0));

async function loadAll(files) {
  for (const file of files) await suite.load(file);
  return {};
}

/** `usual`: what each test takes without a mutant, by its id. */
async function runAsked({ isFirst, tests, files, usual, mutant, hitLimit }) {
  if (isFirst) {
    const results = [];
    for (const test of suite.tests) results.push(await begin(test));
    return { results, coverage: stryker.mutantCoverage };
  }
  stryker.activeMutant = mutant;
  stryker.hitLimit = hitLimit;
  stryker.hitCount = hitLimit === undefined ? undefined : 0;
  const answer = files
    ? await runFiles(files, usual)
    : await runTests(
        tests.map((id) => suite.byId.get(id)),
        usual,
      );
  stryker.activeMutant = undefined;
  stryker.hitLimit = undefined;
  stryker.hitCount = undefined;
  if (answer.failed === undefined || files) return answer;
  const again = await begin(suite.byId.get(answer.failed.id));
  return { ...answer, isSpoilt: again.problem !== undefined };
}

function begin(test, limitMs = test.limitMs) {
  process.send({ begins: { limitMs } });
  return suite.run({ ...test, limitMs });
}

async function runTests(tests, usual) {
  let ran = 0;
  for (const test of tests) {
    const result = await begin(test, limitOf(usual[test.id] ?? 0));
    ran += 1;
    if (result.problem !== undefined) return { ran, failed: result };
  }
  return { ran };
}

const limitOf = (ms) => ms * PATIENCE.factor + PATIENCE.ms;

/** File by file: most mutants are told by the first. A file that cannot be loaded has told it. */
async function runFiles(files, usual) {
  let ran = 0;
  for (const file of files) {
    const before = suite.tests.length;
    process.send({ begins: { limitMs: LOADING_MS } });
    try {
      await suite.load(file);
    } catch (error) {
      return { ran, failed: { id: file, problem: String(error) } };
    }
    const answer = await runTests(suite.tests.slice(before), usual);
    ran += answer.ran;
    if (answer.failed) return { ...answer, ran };
  }
  return { ran };
}
