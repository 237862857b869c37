/**
 * Things in the order of a number that only grows. Dead ones stay until they are the majority,
 * so that adding is cheap and reading on from a number is a binary search.
 */
export class Sequence<T> {
  readonly #numberOf: (item: T) => number;
  readonly #isLive: (item: T) => boolean;
  #items: T[] = [];
  #dead = 0;

  constructor(numberOf: (item: T) => number, isLive: (item: T) => boolean) {
    this.#numberOf = numberOf;
    this.#isLive = isLive;
  }

  append(item: T): void {
    this.#items.push(item);
  }

  /** Tells that one more item has died. */
  bury(): void {
    this.#dead += 1;
    if (this.#dead < 1024 || this.#dead * 2 < this.#items.length) return;
    this.#items = this.#items.filter(this.#isLive);
    this.#dead = 0;
  }

  /** Live items with a number of at least `from`. */
  *from(from: number): Generator<T> {
    const items = this.#items;
    for (let i = this.#indexOf(from); i < items.length; i++) {
      const item = items[i];
      if (item !== undefined && this.#isLive(item)) yield item;
    }
  }

  #indexOf(from: number): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item !== undefined && this.#numberOf(item) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
