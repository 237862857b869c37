import { createInterface } from "node:readline/promises";
import { UsageError } from "../../../scripts/arguments.mjs";

/** Asks a person at a terminal; a script has to have answered before. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError(
      `${question}\nThere is no terminal to answer on: write --yes.`,
    );
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
  });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
