import {
  bronzeEventsPath,
  type StreamPartition,
} from "../../../src/domain/paths.ts";
import type { LakeFile } from "../../../src/adapters/lake/index.ts";
import type { PartitionPosition } from "../../../src/domain/slices.ts";

/** What a hub brings, and in files of how many events it lands. */
export interface Rates {
  readonly partitions: number;
  /** Of each partition. */
  readonly eventsPerSecond: number;
  readonly eventsPerFile: number;
  /** Events of each partition that had landed before. */
  readonly backlog: number;
}

/** Events a second of a partition that brings nothing more. */
const PACE = 31;

/** A hub and its bronze as functions of the time: nothing of it is held. */
export class Feed {
  readonly #rates: Rates;
  readonly #startedAt: number;
  readonly #now: () => number;

  constructor(rates: Rates, now: () => number) {
    this.#rates = rates;
    this.#startedAt = now();
    this.#now = now;
  }

  /** Of each partition. */
  get events(): number {
    const { backlog, eventsPerSecond } = this.#rates;
    const seconds = (this.#now() - this.#startedAt) / 1000;
    return backlog + Math.floor(seconds * eventsPerSecond);
  }

  /** Of each partition: what does not fill a file is on its way. */
  get files(): number {
    return Math.floor(this.events / this.#rates.eventsPerFile);
  }

  positions(): PartitionPosition[] {
    const lastEnqueuedAt = new Date(this.#now()).toISOString();
    return Array.from({ length: this.#rates.partitions }, (_, partition) => ({
      partition: String(partition),
      begin: 0,
      last: this.events - 1,
      lastEnqueuedAt,
    }));
  }

  /** At most `most` files of a partition, of those that begin with `first` or later. */
  list(of: StreamPartition, first: number, most: number): LakeFile[] {
    const { eventsPerFile: size, eventsPerSecond, backlog } = this.#rates;
    const from = Math.ceil(first / size);
    const count = Math.max(0, Math.min(most, this.files - from));
    return Array.from({ length: count }, (_, index) => {
      const begin = (from + index) * size;
      const end = begin + size - 1;
      // What had landed before came at the same pace.
      const since = (end - backlog) / (eventsPerSecond || PACE);
      return {
        path: bronzeEventsPath(of, begin, end),
        etag: "0x1",
        bytes: size * 100,
        modifiedAt: this.#startedAt + Math.round(since * 1000),
      };
    });
  }
}
