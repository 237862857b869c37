export interface Verb {
  readonly name: string;
  readonly usage: string;
  run(args: readonly string[]): Promise<number | undefined>;
}

export const verbs: readonly Verb[];
