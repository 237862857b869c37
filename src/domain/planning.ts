/** What a manifest says, from what is waiting. */
import { streamOf } from "./paths.ts";
import type {
  Ends,
  Manifest,
  ManifestFile,
  PendingFile,
  StreamRecord,
} from "./records.ts";
import type { TakenSlice } from "./slices.ts";

export interface Plan {
  readonly pipeline: string;
  readonly incarnation: string;
  readonly batch: number;
  readonly definition: string;
  readonly createdAt: string;
  /** The source that reads a stream. A pipeline has at most one. */
  readonly sourceOfStream: ReadonlyMap<string, string>;
  readonly slices: readonly TakenSlice[];
  readonly files: readonly PendingFile[];
  /** The newest manifest's. */
  readonly ends: Ends;
  /** What an operator wants delivered as snapshots, with the requests that say so. */
  readonly reloads: Manifest["reloads"];
  readonly requests: Manifest["requests"];
}

/** Only streams that a source reads are asked for arrivals. */
function sourceOf({ sourceOfStream }: Plan, stream: string): string {
  const source = sourceOfStream.get(stream);
  if (source !== undefined) return source;
  throw new RangeError(`No source of the definition reads ${stream}.`);
}

export function manifestOf(plan: Plan): Manifest {
  const slices = plan.slices.map(
    ({ stream, generation, partition, from, to, path }) => ({
      source: sourceOf(plan, stream),
      stream,
      generation,
      partition,
      from,
      to,
      path,
    }),
  );
  const files = [...plan.files]
    .sort(byClaim)
    .map(({ source, id, path, name, bytes }): ManifestFile => ({
      source,
      id,
      path,
      name,
      bytes,
    }));
  return {
    version: 3,
    pipeline: plan.pipeline,
    incarnation: plan.incarnation,
    batch: plan.batch,
    kind: slices.length + files.length === 0 ? "rebuild" : "regular",
    definition: plan.definition,
    createdAt: plan.createdAt,
    slices,
    files,
    ends: extendEnds(plan.ends, slices),
    reloads: plan.reloads,
    requests: plan.requests,
  };
}

/** Of two files that were dropped under one name the later claimed stands last: it replaces the other. */
const byClaim = (a: PendingFile, b: PendingFile): number =>
  a.claimedAt < b.claimedAt || (a.claimedAt === b.claimedAt && a.id < b.id)
    ? -1
    : 1;

function extendEnds(ends: Ends, slices: Manifest["slices"]): Ends {
  const extended = structuredClone(ends) as Record<
    string,
    Record<string, Record<string, number>>
  >;
  for (const { stream, generation, partition, to } of slices) {
    const partitions = ((extended[stream] ??= {})[generation] ??= {});
    partitions[partition] = Math.max(partitions[partition] ?? -1, to);
  }
  return extended;
}

/** The last event of a partition that is in a manifest; where there is none, the one before its stream began. */
export const watermarkOf = (
  ends: Ends,
  { kind, name, generation, begins }: StreamRecord,
  partition: string,
): number =>
  ends[streamOf(kind, name)]?.[generation]?.[partition] ??
  (begins[partition] ?? 0) - 1;
