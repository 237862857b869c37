import { sourceKinds } from "../../src/sources/index.ts";
import type {
  SourceKind,
  SourcePackaging,
  WrittenEntry,
  WrittenSource,
} from "../../src/sources/kind.ts";
import type { PipelineFolder } from "./readPipeline.ts";

/** A kind of source, as packaging knows it. */
export interface PackagedKind extends SourcePackaging {
  readonly name: SourceKind["name"];
}

export const packagedKinds: readonly PackagedKind[] = await Promise.all(
  sourceKinds.map(async (kind) => ({
    name: kind.name,
    ...(await kind.packaging()),
  })),
);

export interface FoundSource {
  readonly folder: PipelineFolder;
  readonly entry: WrittenEntry<WrittenSource>;
}

/** The sources of one kind in all pipelines. */
export const sourcesOfKind = (
  folders: readonly PipelineFolder[],
  wanted: PackagedKind,
): FoundSource[] =>
  folders.flatMap((folder) =>
    Object.entries(folder.pipeline?.sources ?? {}).flatMap(
      ([source, { kind, written }]) =>
        kind === wanted
          ? [{ folder, entry: { pipeline: folder.name, source, written } }]
          : [],
    ),
  );
