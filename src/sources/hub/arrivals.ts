import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { partitionFolder, streamOf } from "../../domain/paths.ts";
import { watermarkOf } from "../../domain/planning.ts";
import type { Ends, StreamRecord } from "../../domain/records.ts";
import type { PartitionPosition } from "../../domain/slices.ts";
import { hasEndedArrivals } from "../endedGenerations.ts";
import { sumArrivals, type Arrivals, type Position } from "../kind.ts";
import { readStreamArrivals } from "../streamArrivals.ts";
import { readRecovered } from "../recovered.ts";
import { readHubPositions } from "./generations.ts";
import { hubSources } from "./sources.ts";

const hubsOf = (definition: Definition): string[] => [
  ...new Set(hubSources(definition).map(({ source }) => source.hub)),
];

/** It costs a management call a partition, one or two a hub, and what `readStreamArrivals` says. */
export async function readArrivals(
  context: AppContext,
  definition: Definition,
  position: Position,
): Promise<Arrivals> {
  const { ends } = position;
  const found = await Promise.all(
    hubsOf(definition).map(async (hub) => {
      const { stream, positions } = await readHubPositions(context, hub, ends);
      return readStreamArrivals(context, stream, positions, position);
    }),
  );
  return sumArrivals(found);
}

/**
 * It costs a management call a partition, a look into bronze for each that no batch has named yet and that the hub holds
 * nothing of, and for each range that is awaited, and what `hasEndedArrivals` says: in an hour, one page of each
 * partition of a hub that was there before.
 */
export async function hasArrivals(
  context: AppContext,
  definition: Definition,
  { ends, awaited }: Pick<Position, "ends" | "awaited">,
): Promise<boolean> {
  const { pipeline } = definition;
  for (const hub of hubsOf(definition)) {
    const { stream, positions } = await readHubPositions(context, hub, ends);
    for (const position of positions)
      if (await isAhead(context, stream, position, ends)) return true;
    if (await hasEndedArrivals(context, stream, { pipeline, ends }))
      return true;
    const name = streamOf("hub", hub);
    const { recovered } = await readRecovered(context, name, { awaited });
    if (recovered.length > 0) return true;
  }
  return false;
}

async function isAhead(
  { lake }: AppContext,
  record: StreamRecord,
  { partition, begin, last }: PartitionPosition,
  ends: Ends,
): Promise<boolean> {
  const planned = watermarkOf(ends, record, partition);
  if (planned !== undefined) return last > planned;
  if (last < (record.begins[partition] ?? 0)) return false;
  if (last >= begin) return true;
  // The hub holds nothing any more: what it had may have landed before.
  const { kind, name, generation } = record;
  const of = { stream: streamOf(kind, name), generation, partition };
  return (await lake.listSome(partitionFolder(of), 1)).length > 0;
}
