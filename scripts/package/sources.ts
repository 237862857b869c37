import type {
  SourceKind,
  WrittenEntry,
  WrittenSource,
} from "../../src/sources/kind.ts";
import type { PipelineFolder } from "./readPipeline.ts";

export interface FoundSource {
  readonly folder: PipelineFolder;
  readonly entry: WrittenEntry<WrittenSource>;
}

/** The sources of one kind in all pipelines. */
export const sourcesOfKind = (
  folders: readonly PipelineFolder[],
  wanted: SourceKind,
): FoundSource[] =>
  folders.flatMap((folder) =>
    Object.entries(folder.pipeline?.sources ?? {}).flatMap(
      ([source, { kind, written }]) =>
        kind === wanted
          ? [{ folder, entry: { pipeline: folder.name, source, written } }]
          : [],
    ),
  );
