/**
 * Small changes of the code, one after the other, and whether the tests notice: Stryker over the app, mutmut over the
 * job's Python. A survivor counts as alive unless `reviewed.json` says why it is equal to the code.
 *
 * Left out are the words of messages without a place in them (`prose.mjs`), and what Stryker and mutmut leave out by
 * themselves: types, and in Python what stands outside of functions. With `--keep` the next run with `--keep` asks
 * again only about code and tests that have changed since: for whoever writes the missing tests.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { readFolders } from "../../../local/src/platform/folders.ts";
import type { Outcome, Prepare, Proof, ProofOptions } from "../proof.ts";
import type { Mutant } from "./mutant.ts";
import { Mutmut } from "./python/mutmut.ts";
import { readReviewed } from "./reviewed.ts";
import { allFolders, sampleOf } from "./typescript/folders.ts";
import { Stryker } from "./typescript/stryker.ts";
import { judge, linesOf } from "./verdict.ts";

export const mutants: Prepare = (options, say) =>
  Promise.resolve(new MutantsProof(options, say));

class MutantsProof implements Proof {
  readonly #options: ProofOptions;
  readonly #say: (text: string) => void;
  readonly #workDir: string;
  readonly #stryker: Stryker;
  readonly #mutmut: Mutmut;

  constructor(options: ProofOptions, say: (text: string) => void) {
    this.#options = options;
    this.#say = say;
    const { stateDir } = readFolders();
    const name = options.isShort ? "mutantsShort" : "mutants";
    const workDir = join(stateDir, name);
    this.#workDir = workDir;
    if (!options.isKept) rmSync(workDir, { recursive: true, force: true });
    const { seed } = options;
    this.#stryker = new Stryker(join(workDir, "typescript"), seed, say);
    this.#mutmut = new Mutmut(join(workDir, "python"), seed);
  }

  async run(): Promise<Outcome> {
    const startedAt = performance.now();
    const { isShort, seed } = this.#options;
    const folders = isShort ? [sampleOf(seed)] : allFolders();
    const found: Mutant[] = [];
    for (const folder of folders)
      found.push(...(await this.#stryker.mutantsOf(folder)));
    found.push(...(await this.#mutmut.mutants(isShort)));
    const reviewed = readReviewed();
    for (const line of linesOf(found, reviewed)) this.#say(line);
    const { failures, counts } = judge(found, reviewed, isShort);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return { failures, counts: { ...counts, seconds } };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#stryker.stop(), this.#mutmut.stop()]);
    if (!this.#options.isKept)
      rmSync(this.#workDir, { recursive: true, force: true });
  }
}
