/** Runs work for keys, a limited number at once, never twice at once for the same key, first come first served. */
export class WorkQueue<Key> {
  readonly #limit: number;
  readonly #work: (key: Key) => Promise<void>;
  readonly #onError: (key: Key, error: unknown) => void;
  readonly #waiting = new Set<Key>();
  readonly #running = new Map<Key, Promise<void>>();
  #isScheduled = false;
  #isClosed = false;

  constructor(
    limit: number,
    work: (key: Key) => Promise<void>,
    onError: (key: Key, error: unknown) => void,
  ) {
    this.#limit = limit;
    this.#work = work;
    this.#onError = onError;
  }

  /** A key that waits already is not added twice; one that runs runs again afterwards. */
  add(key: Key): void {
    if (this.#isClosed) return;
    this.#waiting.add(key);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#pump();
    });
  }

  /** Starts nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
  }

  async idle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #pump(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#limit) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: Key): Promise<void> {
    try {
      await this.#work(key);
    } catch (error) {
      this.#onError(key, error);
    } finally {
      this.#running.delete(key);
      this.#pump();
    }
  }
}
