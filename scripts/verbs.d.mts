import type { Arguments } from "./arguments.mjs";

/** An argument that is known by its place. */
export interface Positional {
  /** As a message names it: `the pipeline`. */
  readonly what: string;
  readonly isOptional?: boolean;
  /** The last one may stand for all that follow. */
  readonly isRepeated?: boolean;
  /** All that may be written there, if that is known before anything is packaged. */
  readonly oneOf?: () => readonly string[];
  /** What a message may offer that is not all of what may be written. */
  readonly known?: () => readonly string[];
  /** The least whole number that it is. */
  readonly from?: number;
  /** The part of what is written that is one of them. */
  readonly part?: (text: string) => string;
}

export interface Option {
  readonly about: string;
  /** What its value is called in the usage; an option without it is on or off. */
  readonly takes?: string;
  /** The least and the greatest whole number that it takes. */
  readonly from?: number;
  readonly to?: number;
}

export interface Verb {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  readonly takes?: readonly Positional[];
  readonly options?: Readonly<Record<string, Option>>;
  /** Set-up makes what only the tests use too. */
  readonly forTests?: true;
  /** What is wrong with arguments that are right one by one. */
  readonly mistake?: (args: Arguments) => string | undefined;
  run(args: Arguments): Promise<number | undefined>;
}

export const verbs: readonly Verb[];

/** The verb of a name. */
export function verbNamed(name: string): Verb;
