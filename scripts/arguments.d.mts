import type { Verb } from "./verbs.mjs";

/** What a person has written after a verb, as far as the verb's own list of arguments says. */
export interface Arguments {
  /** All of it, as it was written. */
  readonly all: readonly string[];
  /** The values of options that take one. */
  readonly values: ReadonlyMap<string, string>;
  /** The options that take none. */
  readonly flags: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

export class UsageError extends Error {}

export function asksForHelp(args: readonly string[]): boolean;

/** What `--help` answers. */
export function helpOf(verb: Verb): string;

/** Throws a UsageError that says what is wrong and what there is. */
export function readArguments(
  verb: Pick<Verb, "takes" | "options" | "mistake">,
  args: readonly string[],
): Arguments;
