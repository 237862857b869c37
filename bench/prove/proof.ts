import { randomInt } from "node:crypto";
import type { Arguments } from "../../scripts/arguments.mjs";

export interface ProofOptions {
  /** All that is left to chance follows from it. */
  readonly seed: number;
  /** A small form, which a test runs. */
  readonly isShort: boolean;
  readonly isJson: boolean;
  /** Leaves its state behind and says where it lies, for a post-mortem. */
  readonly isKept: boolean;
}

/** What a proof found. Each failure is a sentence; it passes when there is none. */
export interface Outcome {
  readonly failures: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface Proof {
  run(): Promise<Outcome>;
  /** Ends what it started, and gives back what it took. */
  dispose(): Promise<void>;
}

export type Prepare = (
  options: ProofOptions,
  say: (text: string) => void,
) => Promise<Proof>;

const MAX_SEED = 2 ** 31;

export function readOptions({ values, flags }: Arguments): ProofOptions {
  const seed = values.get("seed");
  return {
    seed: seed === undefined ? randomInt(MAX_SEED) : Number(seed),
    isShort: flags.has("short"),
    isJson: flags.has("json"),
    isKept: flags.has("keep"),
  };
}

/** The one line for programs. */
export const lineOf = (
  name: string,
  seed: number,
  { failures, counts }: Outcome,
): string =>
  JSON.stringify({ name, pass: failures.length === 0, ...counts, seed });

/** The lines for people. */
export function textOf(
  name: string,
  seed: number,
  { failures, counts }: Outcome,
): string {
  const verdict = failures.length === 0 ? "passed" : "FAILED";
  return [
    `${name}: ${verdict} (seed ${seed})`,
    ...Object.entries(counts).map(([key, count]) => `  ${key}: ${count}`),
    ...failures.map((failure) => `  ${failure}`),
  ].join("\n");
}

/** Runs a proof as a program: prints, and fails the process where the proof does. */
export async function main(
  name: string,
  prepare: Prepare,
  options: ProofOptions,
): Promise<void> {
  const { seed, isJson } = options;
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(`${name}: seed ${seed}`);
  const proof = await prepare(options, say);
  const disposed = async (): Promise<void> => {
    await proof.dispose();
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void disposed());
  process.once("disconnect", () => void disposed());
  try {
    const outcome = await proof.run();
    say(textOf(name, seed, outcome));
    if (isJson) say(lineOf(name, seed, outcome));
    if (outcome.failures.length > 0) process.exitCode = 1;
  } finally {
    await proof.dispose();
    process.removeAllListeners("disconnect");
    process.channel?.unref();
  }
}
