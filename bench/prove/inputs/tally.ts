/** What the proof has counted and what it found wrong. */
export class Tally {
  readonly failures: string[] = [];
  readonly #inputs = new Map<string, number>();
  readonly #refused = new Map<string, number>();

  fail(sentence: string): void {
    this.failures.push(sentence);
  }

  /** Whether it came to its end. What throws is a failure, and hides no other. */
  async judge(part: () => Promise<void>): Promise<boolean> {
    try {
      await part();
      return true;
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  count(kind: string, isRefused: boolean): void {
    this.#inputs.set(kind, (this.#inputs.get(kind) ?? 0) + 1);
    if (isRefused) this.#refused.set(kind, (this.#refused.get(kind) ?? 0) + 1);
  }

  /** All, and by kind: how many there were, and how many of them were refused or held something that was. */
  counts(): Record<string, number> {
    const sum = (counts: ReadonlyMap<string, number>): number =>
      [...counts.values()].reduce((a, b) => a + b, 0);
    return {
      ...{ inputs: sum(this.#inputs), refused: sum(this.#refused) },
      ...Object.fromEntries(
        [...this.#inputs].flatMap(([kind, count]) => [
          [kind, count],
          [`${kind}, refused`, this.#refused.get(kind) ?? 0],
        ]),
      ),
    };
  }
}
