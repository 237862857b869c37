/**
 * Two attempts of one batch, in every order of their changes, and the next batch on its way or not: all ends as if
 * there had been one attempt. The job is Python, and so is what runs it: `databricks/tests/two_attempts`.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { readFolders } from "../../../local/src/platform/folders.ts";
import { pythonIn } from "../../../local/src/shared/python.ts";
import type { Outcome, Prepare, Proof, ProofOptions } from "../proof.ts";
import { endProcess } from "../endProcess.ts";

/** The program's last line. */
const foundSchema = z.object({
  combinations: z.number(),
  /** So many more ran with Spark. */
  real: z.number(),
  differences: z.array(z.string()),
});
const MOST_SHOWN = 20;

export const attempts: Prepare = (options, say) =>
  Promise.resolve(new AttemptsProof(options, say));

class AttemptsProof implements Proof {
  readonly #options: ProofOptions;
  readonly #say: (text: string) => void;
  #program: ChildProcess | undefined;

  constructor(options: ProofOptions, say: (text: string) => void) {
    this.#options = options;
    this.#say = say;
  }

  async run(): Promise<Outcome> {
    const startedAt = performance.now();
    const { seed, isShort } = this.#options;
    const { projectDir, toolsDir } = readFolders();
    const tests = join(projectDir, "databricks", "tests");
    const args = ["-m", "two_attempts", `--seed=${seed}`];
    const program = spawn(
      pythonIn(toolsDir),
      isShort ? [...args, "--short"] : args,
      { cwd: tests, stdio: ["ignore", "pipe", "inherit"] },
    );
    this.#program = program;
    const ended = once(program, "close");
    let last = "";
    for await (const line of createInterface({ input: program.stdout })) {
      if (last !== "") this.#say(last);
      last = line;
    }
    const [code] = (await ended) as [number | null];
    if (code !== 0)
      throw new Error(`two_attempts ended with code ${String(code)}.`);
    const found = foundSchema.parse(JSON.parse(last));
    return {
      failures: shown(found.differences),
      counts: {
        ...{ combinations: found.combinations, real: found.real },
        differences: found.differences.length,
        seconds: Math.round((performance.now() - startedAt) / 1000),
      },
    };
  }

  /** It ends Spark, and the folders in memory, when it is interrupted. */
  dispose(): Promise<void> {
    return endProcess(this.#program, "SIGINT");
  }
}

const shown = (differences: readonly string[]): string[] =>
  differences.length > MOST_SHOWN
    ? [
        ...differences.slice(0, MOST_SHOWN),
        `… and ${differences.length - MOST_SHOWN} more.`,
      ]
    : [...differences];
