/** Numbers that follow from a seed: the generator mulberry32, good enough to spread choices. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  oneIn(count: number): boolean {
    return this.between(1, count) === 1;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.between(0, values.length - 1)];
    if (value === undefined) throw new Error("There is nothing to pick.");
    return value;
  }

  /** So many different whole numbers from `from` to `to`, in order. */
  several(count: number, from: number, to: number): number[] {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, to - from + 1))
      chosen.add(this.between(from, to));
    return [...chosen].sort((a, b) => a - b);
  }
}

/** One sequence of choices for each purpose and place: what another one draws does not change it. */
export function chanceOf(seed: number, purpose: string, at: number): Chance {
  let mixed = seed ^ Math.imul(at + 1, 0x9e3779b1);
  for (const character of purpose)
    mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193);
  return new Chance(mixed);
}
