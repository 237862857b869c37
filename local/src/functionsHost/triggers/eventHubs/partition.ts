import type { Receiver } from "rhea";
import type { Clock } from "../../../shared/clock.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { FIRST_GUESS_BYTES } from "../../limits.ts";
import type { Dispatch } from "./dispatch.ts";
import { readEvent, sequenceOf, type Event } from "./event.ts";
import { mostHeld, type BatchOptions } from "./options.ts";
import { creditOf, tapReceiver } from "./rawTransfers.ts";

/** The events of one partition on their way to a function: one batch at a time, in order, then the checkpoint. */
export class PartitionReader {
  readonly #clock: Clock;
  readonly #options: BatchOptions;
  readonly #dispatch: Dispatch;
  readonly #checkpoints: Checkpoints;
  readonly #stream: string;
  readonly #stopping: AbortSignal;
  #receiver: Receiver | undefined;
  #ready: Buffer[] = [];
  /** The last event that was taken out of `#ready`. */
  #position: number | undefined;
  #meanBytes = FIRST_GUESS_BYTES;
  #batchesSinceCheckpoint = 0;
  #hasWaited = false;
  #cancelWait: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(
    clock: Clock,
    options: BatchOptions,
    dispatch: Dispatch,
    store: { checkpoints: Checkpoints; stream: string },
    stopping: AbortSignal,
  ) {
    this.#clock = clock;
    this.#options = options;
    this.#dispatch = dispatch;
    this.#checkpoints = store.checkpoints;
    this.#stream = store.stream;
    this.#stopping = stopping;
    this.#position = store.checkpoints.read(store.stream);
  }

  /** The place to go on reading after, undefined when nothing was read yet. */
  get position(): number | undefined {
    const last = this.#ready.at(-1);
    return last === undefined ? this.#position : sequenceOf(last);
  }

  attach(receiver: Receiver): void {
    this.#receiver = receiver;
    tapReceiver(receiver, (message) => {
      this.#ready.push(message);
      // The other events of the same read from the socket come before this runs.
      this.#running ??= new Promise((resolve) => {
        setImmediate(() => {
          resolve(this.#run());
        });
      });
    });
    this.#refill();
  }

  /** Resolves when no invocation runs and none will. */
  async idle(): Promise<void> {
    this.#cancelWait?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.aborted && this.#isDue()) {
      const messages = this.#ready.splice(0, this.#options.maxBatchSize);
      this.#weigh(messages);
      this.#refill();
      const events = messages.map(readEvent);
      const last = events.at(-1);
      if (last === undefined) break;
      this.#position = last.sequenceNumber;
      if (!(await this.#dispatch(events, this.#stopping))) break;
      this.#checkpoint(last);
    }
    this.#running = undefined;
  }

  /** Whether a batch may go: it is large enough, or its events have waited long enough. */
  #isDue(): boolean {
    const { minBatchSize, maxWaitMs } = this.#options;
    if (this.#ready.length === 0) return false;
    if (this.#ready.length >= minBatchSize || this.#hasWaited) {
      this.#hasWaited = false;
      this.#cancelWait?.();
      this.#cancelWait = undefined;
      return true;
    }
    this.#cancelWait ??= this.#clock.after(maxWaitMs, () => {
      this.#cancelWait = undefined;
      this.#hasWaited = true;
      this.#running ??= this.#run();
    });
    return false;
  }

  /** Asks for more events: as many as the extension would hold. */
  #refill(): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    const target = mostHeld(this.#options, this.#meanBytes);
    const missing = target - this.#ready.length - creditOf(receiver);
    // Each grant is a frame: few large ones. But a batch must be able to reach its least size with what is granted.
    const spare = Math.min(target / 4, target - this.#options.minBatchSize);
    if (missing > spare) receiver.add_credit(missing);
  }

  #weigh(messages: readonly Buffer[]): void {
    const bytes = messages.reduce((sum, { length }) => sum + length, 0);
    this.#meanBytes = (this.#meanBytes + bytes / messages.length) / 2;
  }

  #checkpoint({ sequenceNumber, offset }: Event): void {
    this.#batchesSinceCheckpoint += 1;
    if (this.#batchesSinceCheckpoint < this.#options.checkpointFrequency)
      return;
    this.#batchesSinceCheckpoint = 0;
    this.#checkpoints.write(this.#stream, sequenceNumber, offset);
  }
}
