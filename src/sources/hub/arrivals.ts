import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { watermarkOf } from "../../domain/planning.ts";
import type { Ends } from "../../domain/records.ts";
import { readStreamArrivals } from "../streamArrivals.ts";
import { sumArrivals, type Arrivals, type Position } from "../kind.ts";
import { readHubPositions } from "./generations.ts";
import { hubSources } from "./sources.ts";

const hubsOf = (definition: Definition): string[] => [
  ...new Set(hubSources(definition).map(({ source }) => source.hub)),
];

/** It costs two management calls and one listing a hub, and what `readStreamArrivals` says. */
export async function readArrivals(
  context: AppContext,
  definition: Definition,
  { ends, maxEvents }: Position,
): Promise<Arrivals> {
  const found = await Promise.all(
    hubsOf(definition).map(async (hub) => {
      const { stream, positions } = await readHubPositions(context, hub, ends);
      const { lake } = context;
      return readStreamArrivals(lake, stream, positions, ends, maxEvents);
    }),
  );
  return sumArrivals(found);
}

/** It costs two management calls a hub. */
export async function hasArrivals(
  context: AppContext,
  definition: Definition,
  ends: Ends,
): Promise<boolean> {
  for (const hub of hubsOf(definition)) {
    const { stream, positions } = await readHubPositions(context, hub, ends);
    const isAhead = positions.some(
      ({ partition, last }) => last > watermarkOf(ends, stream, partition),
    );
    if (isAhead) return true;
  }
  return false;
}
