/**
 * The end of a log in memory: readers that keep up do not read the disk. One buffer of twice the size that is kept,
 * moved down when it is full, so that appending makes no garbage.
 */
export class Tail {
  readonly #keptBytes: number;
  #buffer: Buffer | undefined;
  /** The place in the log of the buffer's first byte. */
  #start = 0;
  #length = 0;

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  push(position: number, bytes: Buffer): void {
    const buffer = (this.#buffer ??= Buffer.allocUnsafe(2 * this.#keptBytes));
    if (bytes.length > this.#keptBytes) {
      this.#length = 0;
      return;
    }
    if (this.#length === 0) this.#start = position;
    if (this.#length + bytes.length > buffer.length) {
      const from = this.#length - this.#keptBytes;
      buffer.copyWithin(0, from, this.#length);
      this.#start += from;
      this.#length = this.#keptBytes;
    }
    buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Everything from this position on, if it is still here. Holds until the next push. */
  from(position: number): Buffer | undefined {
    const at = position - this.#start;
    return at >= 0 && at < this.#length
      ? this.#buffer?.subarray(at, this.#length)
      : undefined;
  }
}
