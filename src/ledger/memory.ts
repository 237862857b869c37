import type { StreamRecord } from "../domain/records.ts";

/** A hub's life, as it was when this process asked for it. */
export interface KnownStream {
  /** When the question was asked, in milliseconds. */
  readonly askedAt: number;
  readonly stream: Promise<StreamRecord>;
}

/** What one process remembers to ask less. It may be lost or stale at any moment: nothing depends on it being right. */
export interface Memory {
  /** The greatest batch number seen, by pipeline. */
  readonly newestBatch: Map<string, number>;
  /** The present life of a hub. */
  readonly streams: Map<string, KnownStream>;
  /** The last event of the batch that was landed last, by hub and partition. */
  readonly landed: Map<string, number>;
  /** Views of finished batches, by pipeline and number: they do not change any more. */
  readonly finished: Map<string, unknown>;
  /** Definitions that are known to be in the lake, by pipeline and digest. */
  readonly stored: Set<string>;
  /** Pipelines that the sweep has looked at. */
  readonly swept: Set<string>;
}

export const openMemory = (): Memory => ({
  newestBatch: new Map(),
  streams: new Map(),
  landed: new Map(),
  finished: new Map(),
  stored: new Set(),
  swept: new Set(),
});
