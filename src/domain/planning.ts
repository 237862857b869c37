/** What a manifest says, from what is waiting. */
import { streamOf } from "./paths.ts";
import { awaitedAfter } from "./gaps.ts";
import type {
  AwaitedRange,
  Ends,
  Manifest,
  ManifestFile,
  PendingFile,
  Slice,
  StreamRecord,
} from "./records.ts";
import type { TakenGap, TakenSlice } from "./slices.ts";

export interface Plan {
  readonly pipeline: string;
  readonly incarnation: string;
  readonly batch: number;
  readonly definition: string;
  readonly createdAt: string;
  /** The source that reads a stream. A pipeline has at most one. */
  readonly sourceOfStream: ReadonlyMap<string, string>;
  readonly slices: readonly TakenSlice[];
  /** Slices of events that earlier batches accounted for without having them. */
  readonly recovered: readonly TakenSlice[];
  readonly closedGaps: readonly TakenGap[];
  readonly files: readonly PendingFile[];
  /** The newest manifest's, as what is awaited after it. */
  readonly ends: Ends;
  readonly awaited: readonly AwaitedRange[];
  /** What an operator wants delivered as snapshots, with the requests that say so. */
  readonly reloads: Manifest["reloads"];
  readonly requests: Manifest["requests"];
}

type Range = Omit<Slice, "source" | "path">;

/** Only streams that a source reads are asked for arrivals. */
function sourceOf({ sourceOfStream }: Plan, stream: string): string {
  const source = sourceOfStream.get(stream);
  if (source !== undefined) return source;
  throw new RangeError(`No source of the definition reads ${stream}.`);
}

export function manifestOf(plan: Plan): Manifest {
  checkContinuity(plan);
  const rangeOf = ({ stream, generation, partition, from, to }: Range) => ({
    source: sourceOf(plan, stream),
    ...{ stream, generation, partition, from, to },
  });
  const sliceOf = (slice: TakenSlice): Slice => ({
    ...rangeOf(slice),
    path: slice.path,
  });
  const slices = plan.slices.map(sliceOf);
  const gaps = [
    ...plan.closedGaps.map((gap) => ({ ...rangeOf(gap), reason: gap.reason })),
    ...plan.recovered.map((slice) => ({
      ...rangeOf(slice),
      reason: "recovered" as const,
    })),
  ];
  const awaited = awaitedAfter(plan.awaited, gaps, plan.createdAt);
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
    kind:
      slices.length + gaps.length + files.length === 0 ? "rebuild" : "regular",
    definition: plan.definition,
    createdAt: plan.createdAt,
    slices: [...slices, ...plan.recovered.map(sliceOf)],
    files,
    ...(gaps.length > 0 ? { gaps } : {}),
    ...(awaited.length > 0 ? { awaited } : {}),
    ends: extendEnds(plan.ends, [...slices, ...gaps]),
    reloads: plan.reloads,
    requests: plan.requests,
  };
}

/** A plan is not contiguous. */
export class EventsLeftOut extends Error {}

/**
 * What a batch takes of a partition follows its watermark event by event: events that were left out would never be
 * planned, and nothing would say so. A plan that leaves some out is an error of the program, and is not written.
 */
function checkContinuity({ slices, closedGaps, ends }: Plan): void {
  const pieces = Map.groupBy(
    [...slices, ...closedGaps],
    ({ stream, generation, partition }) =>
      `${stream}, generation ${generation}, partition ${partition}`,
  );
  for (const [place, found] of pieces) {
    let end: number | undefined;
    for (const piece of found.toSorted((a, b) => a.from - b.from)) {
      const { stream, generation, partition, from, to } = piece;
      end ??= ends[stream]?.[generation]?.[partition] ?? from - 1;
      if (from !== end + 1)
        throw new EventsLeftOut(
          `${place}: the events ${from} to ${to} do not follow ${end}, the last that is planned.`,
        );
      end = to;
    }
  }
}

/** Of two files that were dropped under one name the later claimed stands last: it replaces the other. */
const byClaim = (a: PendingFile, b: PendingFile): number =>
  a.claimedAt < b.claimedAt || (a.claimedAt === b.claimedAt && a.id < b.id)
    ? -1
    : 1;

function extendEnds(ends: Ends, planned: readonly Range[]): Ends {
  const extended = structuredClone(ends) as Record<
    string,
    Record<string, Record<string, number>>
  >;
  for (const { stream, generation, partition, to } of planned) {
    const partitions = ((extended[stream] ??= {})[generation] ??= {});
    partitions[partition] = Math.max(partitions[partition] ?? -1, to);
  }
  return extended;
}

/** The last event of a partition that is in a manifest; undefined where there is none. */
export const watermarkOf = (
  ends: Ends,
  { kind, name, generation }: StreamRecord,
  partition: string,
): number | undefined => ends[streamOf(kind, name)]?.[generation]?.[partition];
