/** What a manifest says, from what is waiting. */
import type {
  Ends,
  Manifest,
  ManifestFile,
  PendingFile,
  StreamRecord,
} from "./records.ts";
import type { TakenLink } from "./slices.ts";

export interface Plan {
  readonly pipeline: string;
  readonly incarnation: string;
  readonly batch: number;
  readonly definition: string;
  readonly createdAt: string;
  /** Source of a hub. A pipeline has at most one. */
  readonly sourceOfHub: ReadonlyMap<string, string>;
  readonly links: readonly TakenLink[];
  readonly files: readonly PendingFile[];
  /** The newest manifest's. */
  readonly ends: Ends;
}

export function manifestOf(plan: Plan): Manifest {
  const slices = plan.links.map(({ stream, from, to, path }) => ({
    source: plan.sourceOfHub.get(stream.hub) ?? stream.hub,
    stream: streamOfHub(stream.hub),
    generation: stream.generation,
    partition: stream.partition,
    from,
    to,
    path,
  }));
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
    version: 2,
    pipeline: plan.pipeline,
    incarnation: plan.incarnation,
    batch: plan.batch,
    kind: slices.length + files.length === 0 ? "rebuild" : "regular",
    definition: plan.definition,
    createdAt: plan.createdAt,
    slices,
    files,
    ends: extendEnds(plan.ends, plan.links),
    reloads: [],
    requests: [],
  };
}

/** Of two drops of one name the later claimed stands last: it replaces the other. */
const byClaim = (a: PendingFile, b: PendingFile): number =>
  a.claimedAt < b.claimedAt || (a.claimedAt === b.claimedAt && a.id < b.id)
    ? -1
    : 1;

/** A stream is named by its kind and its name. */
const streamOfHub = (hub: string): string => `hub/${hub}`;

function extendEnds(ends: Ends, links: readonly TakenLink[]): Ends {
  const extended = structuredClone(ends) as Record<
    string,
    Record<string, Record<string, number>>
  >;
  for (const { stream, to } of links) {
    const generations = (extended[streamOfHub(stream.hub)] ??= {});
    const partitions = (generations[stream.generation] ??= {});
    partitions[stream.partition] = Math.max(
      partitions[stream.partition] ?? -1,
      to,
    );
  }
  return extended;
}

/** The last event of a partition that is in a manifest; where there is none, the one before its stream began. */
export const watermarkOf = (
  ends: Ends,
  { kind, name, generation, begins }: StreamRecord,
  partition: string,
): number =>
  ends[`${kind}/${name}`]?.[generation]?.[partition] ??
  (begins[partition] ?? 0) - 1;
