/** Bytes for what is used up before anything else runs. Reused: large buffers are dear to collect. */
export class Scratch {
  #buffer = Buffer.alloc(0);

  /** Holds until the next call. */
  of(length: number): Buffer {
    if (this.#buffer.length < length)
      this.#buffer = Buffer.allocUnsafe(Math.max(length, 65_536));
    return this.#buffer.subarray(0, length);
  }
}
