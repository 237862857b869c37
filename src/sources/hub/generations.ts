/** The generations of hubs that events were landed of. */
import type { HubGeneration } from "../../adapters/eventHubs/index.ts";
import type { AppContext } from "../../context.ts";
import { generationOf } from "../../domain/identity.ts";
import { watermarkOf } from "../../domain/planning.ts";
import type { Ends, StreamRecord } from "../../domain/records.ts";
import type { PartitionPosition } from "../../domain/slices.ts";
import { defineCache } from "../../ledger/caches.ts";
import { registerStream } from "../../ledger/streams.ts";
import { streamRegistered } from "../../telemetry/events.ts";

type Context = Pick<AppContext, "lake" | "hubs" | "caches" | "log" | "now">;

/** A hub's generation, as it was when this process asked for it. */
interface KnownGeneration {
  /** When the question was asked, in milliseconds. */
  readonly askedAt: number;
  readonly stream: Promise<StreamRecord>;
}

/** The present generation, by hub. */
const knownGenerations = defineCache(() => new Map<string, KnownGeneration>());
/** The last event of the delivery that was landed last, and when that was, by hub and partition. */
const lastLanded = defineCache(
  () => new Map<string, { readonly last: number; readonly landedAt: number }>(),
);

/** The JavaScript client tells no replication epoch: a hub that is geo-replicated needs one here (docs/unproven.md). */
const EPOCH = "0";

/** A hub may be created again at any moment: what is known of it is asked for again after this long. */
const STANDS_MS = 60_000;

/** Less than it takes to delete a hub, to create it again, and to receive of it. */
const RECREATED_MS = 5_000;
/** Less than it takes to receive of a hub that was created: what was asked for since then says which one it is. */
const RECEIVED_MS = 2_000;

/** The hub's present generation, asked for at most once a minute. */
export const readPresentGeneration = (
  context: Context,
  hub: string,
): Promise<StreamRecord> => readGenerationNotOlder(context, hub, STANDS_MS);

/**
 * The generation that a delivery belongs to. A delivery that begins right after the last one, seconds ago at most, is of
 * the same generation. Any other may be of a hub that was created anew: one that steps back, one that leaves events out
 * (another instance had the partition meanwhile), the first one of a partition, and one that comes after a pause,
 * since the checkpoint of the hub before may make even that one seem to go on. Then the hub is asked.
 */
export function readDeliveredGeneration(
  context: Context,
  { hub, partition, first }: { hub: string; partition: string; first: number },
): Promise<StreamRecord> {
  const landed = lastLanded(context).get(`${hub}/${partition}`);
  if (landed === undefined || first !== landed.last + 1)
    return readGenerationNotOlder(context, hub, 0);
  const isAtOnce = context.now() - landed.landedAt < RECREATED_MS;
  const mostMs = isAtOnce ? STANDS_MS : RECEIVED_MS;
  return readGenerationNotOlder(context, hub, mostMs);
}

export const rememberLanded = (
  context: Context,
  { hub, partition, last }: { hub: string; partition: string; last: number },
): void => {
  const landedAt = context.now();
  lastLanded(context).set(`${hub}/${partition}`, { last, landedAt });
};

export interface HubPositions {
  readonly stream: StreamRecord;
  readonly positions: readonly PartitionPosition[];
}

/**
 * The hub's present generation and its partitions' positions. Where these do not go on from the watermark, retention has
 * overtaken it, or they are of another generation, and the hub is asked which one it is after they were read.
 */
export async function readHubPositions(
  context: Context,
  hub: string,
  ends: Ends,
): Promise<HubPositions> {
  const stream = await readPresentGeneration(context, hub);
  const positions = await context.hubs.positions(hub);
  const isDoubtful = positions.some(({ partition, begin, last }) => {
    const planned = watermarkOf(ends, stream, partition);
    return planned !== undefined && (last < planned || begin > planned + 1);
  });
  return {
    stream: isDoubtful ? await readGenerationNotOlder(context, hub, 0) : stream,
    positions,
  };
}

/** The next question reads the hub's generation anew. */
export const forgetGeneration = (context: Context, hub: string): void => {
  knownGenerations(context).delete(hub);
};

function readGenerationNotOlder(
  context: Context,
  hub: string,
  mostMs: number,
): Promise<StreamRecord> {
  const streams = knownGenerations(context);
  const known = streams.get(hub);
  const askedAt = context.now();
  if (known && askedAt - known.askedAt <= mostMs) return known.stream;
  const stream = ask(context, hub, known?.stream).catch((error: unknown) => {
    if (streams.get(hub)?.stream === stream) streams.delete(hub);
    throw error;
  });
  streams.set(hub, { askedAt, stream });
  return stream;
}

/** One management call where the generation is the one that is known. */
async function ask(
  context: Context,
  hub: string,
  known: Promise<StreamRecord> | undefined,
): Promise<StreamRecord> {
  const found = await context.hubs.generation(hub);
  const generation = generationOf({ ...found, epoch: EPOCH });
  // One that could not be read is no reason to fail: it is read now.
  const before = await known?.catch(() => undefined);
  return before?.generation === generation
    ? before
    : register(context, found, generation);
}

async function register(
  { lake, hubs, log }: Context,
  { namespace, hub, createdOn, partitions }: HubGeneration,
  generation: string,
): Promise<StreamRecord> {
  const positions = await hubs.positions(hub);
  const stream = await registerStream(lake, {
    version: 3,
    kind: "hub",
    name: hub,
    generation,
    namespace,
    createdOn,
    epoch: EPOCH,
    partitions,
    begins: Object.fromEntries(
      positions.map(({ partition, begin }) => [partition, begin]),
    ),
  });
  streamRegistered(log, { hub, generation });
  return stream;
}
