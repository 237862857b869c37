/** The documents below `_assay`, as they lie in the lake. Version 1 of each. */

/** One life of an event hub. Written once, by the first process that lands events of it. */
export interface StreamRecord {
  readonly version: 1;
  readonly hub: string;
  readonly generation: string;
  readonly namespace: string;
  readonly createdOn: string;
  /** The replication epoch; "0" where the hub is not replicated. */
  readonly epoch: string;
  readonly partitions: readonly string[];
  /** Where each partition began when the stream was registered: what came before is not expected. */
  readonly begins: Readonly<Record<string, number>>;
}

export interface IncarnationRecord {
  readonly version: 1;
  readonly incarnation: string;
}

/** A dropped file on its way into a manifest. */
export interface PendingFile {
  readonly version: 1;
  readonly id: string;
  readonly pipeline: string;
  readonly source: string;
  /** As it was dropped, below the source's folder. */
  readonly name: string;
  /** Where the claim moves it. */
  readonly path: string;
  readonly etag: string;
  readonly bytes: number;
  readonly claimedAt: string;
}

/** Which batch a file was last planned for. Only a manifest says that it is in one. */
export interface FileReceipt {
  readonly version: 1;
  readonly id: string;
  readonly batch: number;
}

/** Last sequence numbers, by hub, generation and partition. */
export type Ends = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
>;

/** The part of a bronze file that a batch takes, both ends included. */
export interface Slice {
  readonly source: string;
  readonly hub: string;
  readonly generation: string;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

export interface ManifestFile {
  readonly source: string;
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

export interface Manifest {
  readonly version: 1;
  readonly pipeline: string;
  readonly incarnation: string;
  readonly batch: number;
  /** `rebuild`: no new input; gold is computed anew because the definition changed. */
  readonly kind: "regular" | "rebuild";
  readonly definition: string;
  readonly createdAt: string;
  readonly slices: readonly Slice[];
  readonly files: readonly ManifestFile[];
  readonly ends: Ends;
  readonly gaps: readonly never[];
  readonly replaces: readonly never[];
}

/** Stands before the manifest's own definition, for the attempts from `firstAttempt` on. */
export interface DefinitionOverride {
  readonly version: 1;
  readonly definition: string;
  readonly firstAttempt: number;
}

export interface AttemptRecord {
  readonly version: 1;
  readonly step: "process";
  readonly attempt: number;
  readonly token: string;
  readonly createdAt: string;
  /** Whose fault its failure was. Written when it is judged; nothing else of the document changes. */
  readonly fault?: "code" | "platform";
}

/** Written by the job when an attempt fails on what its author or its input says. */
export interface FailureRecord {
  readonly version: 1;
  readonly attempt: number;
  readonly condition: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** Written by the job, last. */
export interface ProcessRecord {
  readonly version: 1;
  readonly definition: string;
  readonly attempt: number;
  readonly sources: Readonly<Record<string, unknown>>;
  readonly gold: Readonly<Record<string, ProcessedTable>>;
  readonly seconds: Readonly<Record<string, number>>;
}

export interface ProcessedTable {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly changes: readonly { readonly path: string; readonly rows: number }[];
}

export interface PublishedCounts {
  readonly upserted: number;
  readonly deleted: number;
  /** Lost to a newer batch that published before. */
  readonly skipped: number;
}

export interface PublishedRecord {
  readonly version: 1;
  readonly tables: Readonly<Record<string, PublishedCounts>>;
}

export interface DoneRecord {
  readonly version: 1;
  readonly batch: number;
  readonly finishedAt: string;
  readonly seconds: { readonly process: number; readonly publish: number };
}

export interface BlockedRecord {
  readonly version: 1;
  readonly reason: "input" | "job";
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly runPageUrl?: string;
  /** The definition that it failed with: another one is reason to try again. */
  readonly definition: string;
  /** When to try again as it is; absent where only another definition can help. */
  readonly retryAt?: string;
}
