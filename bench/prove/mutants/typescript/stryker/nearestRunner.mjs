/**
 * Runs the tests that can tell a mutant, in a process that has loaded them before: a mutant costs the milliseconds of
 * its tests. jest loads all modules anew for each run, which would cost seconds; the tests use nothing of it but `test`
 * and `expect`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { Loaded } from "./loaded.mjs";

/** So many files judge a mutant that acts while files are loaded, the nearest by imports: each is loaded anew for it. */
const MOST_FILES = 12;
/**
 * So many milliseconds of the processor judge any other, those of the quickest tests that reach it: a survivor costs
 * them all, and some tests kill an engine at every step. Time on a clock would let a busy machine hide tests.
 */
const MOST_CPU_MS = 3_000;

/** What the first run found of each test. It lies in the sandbox, for the processes that did not do it. */
const KNOWN = "tests.json";

export class NearestRunner {
  #nearest;
  #seed;
  #loaded;
  /** Of each test, by its id: its file, and its milliseconds by the clock and of the processor. */
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
    const near = this.#nearest[relative(process.cwd(), sandboxFileName)] ?? [];
    const mutant = { mutant: activeMutant.id, hitLimit };
    this.#known ??= new Map(
      JSON.parse(readFileSync(KNOWN, "utf8")).map((each) => [each.id, each]),
    );
    if (testFilter === undefined) return this.#runStatic(near, mutant);
    const tests = this.#testsFor(testFilter, near);
    const ask = {
      ...mutant,
      tests: tests.map(({ id }) => id),
      usual: Object.fromEntries(tests.map(({ id, ms }) => [id, ms])),
    };
    let ran = await this.#loaded.run(ask);
    if (ran.isSpoilt) {
      // What failed fails without the mutant, too: an earlier mutant has left something behind.
      await this.#restart();
      ran = await this.#loaded.run(ask);
    }
    if (ran.isOver || ran.isSpoilt) await this.#restart();
    return answerOf(ran);
  }

  /** The quickest are chosen, and of these the nearest are asked first: most mutants are told by those. */
  #testsFor(ids, near) {
    let cpuMs = 0;
    return ids
      .flatMap((id) => this.#known.get(id) ?? [])
      .sort((a, b) => a.cpuMs - b.cpuMs)
      .filter((test, at) => at === 0 || (cpuMs += test.cpuMs) <= MOST_CPU_MS)
      .sort((a, b) => near.indexOf(a.file) - near.indexOf(b.file));
  }

  /** Nothing is loaded in it before the mutant is active. */
  async #runStatic(near, mutant) {
    const tests = [...this.#known.values()];
    const msOf = (file) =>
      tests.reduce((sum, test) => sum + (test.file === file ? test.ms : 0), 0);
    // Any of them may tell it: the quick ones are asked first.
    const files = near.slice(0, MOST_FILES).sort((a, b) => msOf(a) - msOf(b));
    if (files.length === 0) return { status: "survived", nrOfTests: 0 };
    const own = await Loaded.start([], { seed: this.#seed });
    const ran = await own.run({
      ...{ ...mutant, files },
      usual: Object.fromEntries(tests.map(({ id, ms }) => [id, ms])),
    });
    own.stop();
    return answerOf(ran);
  }

  async #restart() {
    this.#loaded.stop();
    await this.init();
  }
}

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
