import type { Ends } from "../../../src/domain/records.ts";
import type { Arrivals } from "../../../src/sources/kind.ts";
import { readArrivals } from "../../../src/sources/hub/arrivals.ts";
import { readPresentGeneration } from "../../../src/sources/hub/generations.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { aBatch } from "./events.ts";
import { aDefinition, type World } from "./world.ts";

/** What a pipeline has not planned of its hub. */
export const arrivals = (
  world: World,
  ends: Ends = {},
  maxEvents = 1e6,
  pipeline = "flights",
): Promise<Arrivals> =>
  readArrivals(world, aDefinition({ pipeline }), {
    ...{ pipeline, ends, awaited: [], maxEvents },
    maxFiles: 10,
  });

export async function land(
  world: World,
  first: number,
  last: number,
): Promise<void> {
  await landEvents(world, aBatch(first, last));
}

/** A watermark of the hub as it is now. */
export async function endsAt(world: World, last: number): Promise<Ends> {
  const { generation } = await readPresentGeneration(world, "flights");
  return { "hub/flights": { [generation]: { "0": last } } };
}

/** The hub has everything from its first event to this one, which came so long ago. */
export function held(world: World, last: number, secondsAgo = 0): void {
  const lastEnqueuedAt = new Date(world.now() - secondsAgo * 1000);
  world.hubs.positionsNow = [
    {
      ...{ partition: "0", begin: 0, last },
      lastEnqueuedAt: lastEnqueuedAt.toISOString(),
    },
  ];
}
