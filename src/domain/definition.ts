/** A compiled pipeline, as `npm run package` writes it. Everything the app and the jobs know of a pipeline. */
export interface Definition {
  readonly version: 1;
  readonly pipeline: string;
  /** SHA-256 of the rest in canonical JSON: two definitions with one digest are the same. */
  readonly digest: string;
  readonly sources: Readonly<Record<string, EventSource | FileSource>>;
  readonly gold: Readonly<Record<string, GoldTable>>;
  readonly goldOrder: readonly string[];
  readonly batching: Batching;
}

export interface EventSource {
  readonly kind: "events";
  readonly hub: string;
  readonly consumerGroup: string;
}

export interface FileSource {
  readonly kind: "files";
  /** Below `landing/`. */
  readonly folder: string;
  readonly trigger: "blob" | "queue";
}

export interface GoldTable {
  /** The columns that name a row; the first is the partition of the served documents. */
  readonly key: readonly string[];
}

export interface Batching {
  readonly quietForSeconds: number;
  readonly atMostSeconds: number;
  readonly maxEvents: number;
  readonly maxFiles: number;
}

export const eventSources = (
  definition: Definition,
): { name: string; source: EventSource }[] =>
  Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind === "events" ? [{ name, source }] : [],
  );

export const fileSources = (
  definition: Definition,
): { name: string; source: FileSource }[] =>
  Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind === "files" ? [{ name, source }] : [],
  );
