import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A stream is read by position; files are claimed where they are dropped. */
export type PackagedSource =
  | {
      readonly kind: string;
      readonly input: "stream";
      readonly stream: string;
      readonly hub: string;
    }
  | {
      readonly kind: string;
      readonly input: "files";
      readonly folder: string;
      readonly format?: FileFormat;
      readonly onRedrop?: "replace" | "append" | "reject";
      readonly onRepeatedKey?: "first" | "last";
      readonly contract?: PackagedContract;
    };

/** As far as a key needs it. */
export interface PackagedContract {
  readonly "x-key"?: readonly string[];
  readonly properties?: Readonly<
    Record<string, { readonly "x-column"?: string }>
  >;
}

/** What dropped files are, and the options of a CSV. */
export interface FileFormat {
  readonly kind: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly encoding?: string;
  readonly columns?: readonly string[];
  readonly skipLines?: number;
}

export interface PackagedSink {
  readonly kind: string;
  readonly tables: readonly string[];
  /** The sink that has to have a batch before this one gets it. */
  readonly after?: string;
}

/** A compiled pipeline of the packaged app, as far as the platform and its commands read it. */
export interface PackagedDefinition {
  readonly pipeline: string;
  readonly digest: string;
  readonly sources: Readonly<Record<string, PackagedSource>>;
  readonly gold: Readonly<Record<string, { readonly key: readonly string[] }>>;
  readonly sinks: Readonly<Record<string, PackagedSink>>;
}

/** Every pipeline of the packaged app, by name. */
export function packagedDefinitions(projectDir: string): PackagedDefinition[] {
  const dir = join(projectDir, "out", "app", "pipelines");
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map(
      (file) =>
        JSON.parse(readFileSync(join(dir, file), "utf8")) as PackagedDefinition,
    );
}

/** The hubs that a pipeline reads, with the names that its batches give to their streams. */
export const hubsOf = ({
  sources,
}: PackagedDefinition): { source: string; hub: string; stream: string }[] =>
  Object.entries(sources).flatMap(([source, read]) =>
    read.input === "stream"
      ? [{ source, hub: read.hub, stream: read.stream }]
      : [],
  );

/** The folders below `landing` that a pipeline takes files from. */
export const foldersOf = ({
  sources,
}: PackagedDefinition): {
  source: string;
  folder: string;
  format: FileFormat | undefined;
}[] =>
  Object.entries(sources).flatMap(([source, read]) =>
    read.input === "files"
      ? [{ source, folder: read.folder, format: read.format }]
      : [],
  );

/** The names of the sinks that serve a pipeline's tables from Cosmos DB. */
export const servingSinks = ({ sinks }: PackagedDefinition): string[] =>
  Object.entries(sinks).flatMap(([sink, { kind }]) =>
    kind === "cosmos" ? [sink] : [],
  );
