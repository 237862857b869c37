/**
 * Runs the tests that can tell a mutant, in a process that has loaded them before: a mutant costs the milliseconds of
 * its tests. jest loads all modules anew for each run, which would cost seconds; the tests use nothing of it but `test`
 * and `expect`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { Loaded } from "./loaded.mjs";

/**
 * So many files judge a mutant, the nearest by imports. What only farther ones would see counts as alive: a test belongs
 * near the code.
 */
const MOST_FILES = 12;
/**
 * And so many milliseconds of their tests, the quick ones of each file first: a survivor costs them all, and some tests
 * kill an engine at every step.
 */
const MOST_MS = 10_000;
/** Tests that take so much longer than without a mutant hang. */
const PATIENCE = { factor: 5, ms: 20_000 };

/** What the first run found of each test. It lies in the sandbox, for the processes that did not do it. */
const KNOWN = "tests.json";

export class NearestRunner {
  #nearest;
  #seed;
  #loaded;
  /** Of each test, by its id: its file and its milliseconds. */
  #known;

  constructor({ nearest, seed }) {
    this.#nearest = nearest;
    this.#seed = seed;
  }

  /** It loads a mutant that acts while files are loaded in a process of its own. */
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const files = [...new Set(Object.values(this.#nearest).flat())];
    this.#loaded = await Loaded.start(files, { seed: this.#seed });
  }

  dispose() {
    this.#loaded?.stop();
  }

  async dryRun() {
    const {
      results,
      coverage,
      problem: failed,
    } = await this.#loaded.run({
      isFirst: true,
    });
    if (results === undefined) throw new Error(failed);
    writeFileSync(KNOWN, JSON.stringify(results));
    return {
      status: "complete",
      tests: results.map(({ id, file, ms, problem }) => ({
        ...{ id, name: id, fileName: file, timeSpentMs: ms },
        ...(problem === undefined
          ? { status: 0 }
          : { status: 1, failureMessage: problem }),
      })),
      mutantCoverage: withoutHybrids(coverage),
    };
  }

  async mutantRun({ activeMutant, sandboxFileName, testFilter, hitLimit }) {
    const near = (
      this.#nearest[relative(process.cwd(), sandboxFileName)] ?? []
    ).slice(0, MOST_FILES);
    const mutant = { mutant: activeMutant.id, hitLimit };
    this.#known ??= new Map(
      JSON.parse(readFileSync(KNOWN, "utf8")).map((each) => [each.id, each]),
    );
    if (testFilter === undefined) return this.#runStatic(near, mutant);
    let usual = 0;
    const tests = testFilter
      .flatMap((id) => this.#known.get(id) ?? [])
      .filter(({ file }) => near.includes(file))
      .sort(
        (a, b) => near.indexOf(a.file) - near.indexOf(b.file) || a.ms - b.ms,
      )
      .filter(({ ms }, at) => at === 0 || (usual += ms) <= MOST_MS);
    const ask = { ...mutant, tests: tests.map(({ id }) => id) };
    let ran = await this.#loaded.run(ask, limitOf(usual));
    if (ran.isSpoilt) {
      // What failed fails without the mutant, too: an earlier mutant has left something behind.
      await this.#restart();
      ran = await this.#loaded.run(ask, limitOf(usual));
    }
    if (ran.isOver || ran.isSpoilt) await this.#restart();
    return answerOf(ran);
  }

  /** Nothing is loaded in it before the mutant is active. */
  async #runStatic(near, mutant) {
    if (near.length === 0) return { status: "survived", nrOfTests: 0 };
    const msOf = (file) =>
      [...this.#known.values()].reduce(
        (sum, each) => sum + (each.file === file ? each.ms : 0),
        0,
      );
    const usual = near.reduce((sum, file) => sum + msOf(file), 0);
    // Any of them may tell it: the quick ones are asked first.
    const files = near.toSorted((a, b) => msOf(a) - msOf(b));
    const own = await Loaded.start([], { seed: this.#seed });
    const ran = await own.run({ ...mutant, files }, limitOf(usual));
    own.stop();
    return answerOf(ran);
  }

  async #restart() {
    this.#loaded.stop();
    await this.init();
  }
}

const limitOf = (usual) => usual * PATIENCE.factor + PATIENCE.ms;

function answerOf({ isOver, failed, ran = 0 }) {
  if (isOver) return { status: "timeout" };
  return failed === undefined
    ? { status: "survived", nrOfTests: ran }
    : {
        status: "killed",
        killedBy: [failed.id],
        failureMessage: failed.problem,
        nrOfTests: ran,
      };
}

/** What acts while files are loaded, and in tests too, is judged by those tests. */
function withoutHybrids({ perTest, static: atLoad }) {
  const inTests = new Set(Object.values(perTest).flatMap(Object.keys));
  return {
    perTest,
    static: Object.fromEntries(
      Object.entries(atLoad).filter(([id]) => !inTests.has(id)),
    ),
  };
}
