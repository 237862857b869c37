/** What arrived in bronze and is in no manifest yet. */
import type { PartitionPosition } from "../adapters/eventHubs/index.ts";
import type { Lake } from "../adapters/lake/index.ts";
import {
  bucketFolder,
  bucketOf,
  partitionFolder,
  rangeOfPath,
  type StreamPartition,
} from "../domain/paths.ts";
import { watermarkOf } from "../domain/planning.ts";
import type { Ends, StreamRecord } from "../domain/records.ts";
import {
  chainFrom,
  eventsOf,
  type BronzeFile,
  type Chain,
} from "../domain/slices.ts";
import type { Gap } from "../domain/waiting.ts";
import { registeredStreams, standingOf, type StreamPorts } from "./streams.ts";

export interface HubArrivals {
  readonly chains: readonly Chain[];
  /** Events in the hub beyond the chains, of partitions without a gap: what lies behind one, nobody waits for. */
  readonly ahead: number;
  /** Of the partitions that are ahead. */
  readonly lastEnqueuedAt?: string;
  readonly lastLandedAt?: number;
  readonly gaps: readonly Gap[];
}

/** A file that begins in the bucket before reaches into this one only near its start: a batch is far smaller. */
const MAX_FILE_EVENTS = 100_000;

/** Positions are asked for before anything is listed: what lands meanwhile waits for the next look. */
export async function arrivalsOf(
  context: StreamPorts,
  hub: string,
  ends: Ends,
  maxEvents: number,
): Promise<HubArrivals> {
  const { stream: present, positions } = await standingOf(context, hub, ends);
  const streams = await registeredStreams(context, hub);
  const found = await Promise.all(
    streams.flatMap((stream) =>
      partitionsOf(stream, positions, present).map((position) =>
        partitionArrivals(context.lake, stream, position, ends, maxEvents),
      ),
    ),
  );
  const enqueuedAt = found
    .map(({ lastEnqueuedAt }) => lastEnqueuedAt)
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const landedAt = latestOf(found.map(({ lastLandedAt }) => lastLandedAt));
  return {
    chains: found.map(({ chain }) => chain),
    ahead: found.reduce((sum, { ahead }) => sum + ahead, 0),
    gaps: found.flatMap(({ gap }) => (gap ? [gap] : [])),
    ...(enqueuedAt === undefined ? {} : { lastEnqueuedAt: enqueuedAt }),
    ...(Number.isFinite(landedAt) ? { lastLandedAt: landedAt } : {}),
  };
}

/** Of a life that is over, the hub knows no positions: what lies in bronze is all there will ever be. */
function partitionsOf(
  stream: StreamRecord,
  positions: readonly PartitionPosition[],
  present: StreamRecord,
): { partition: string; position?: PartitionPosition }[] {
  return stream.generation === present.generation
    ? positions.map((position) => ({ partition: position.partition, position }))
    : stream.partitions.map((partition) => ({ partition }));
}

interface PartitionArrivals {
  readonly chain: Chain;
  readonly ahead: number;
  readonly lastEnqueuedAt?: string;
  /** -Infinity where nothing has landed. */
  readonly lastLandedAt: number;
  readonly gap?: Gap;
}

async function partitionArrivals(
  lake: Lake,
  record: StreamRecord,
  { partition, position }: { partition: string; position?: PartitionPosition },
  ends: Ends,
  maxEvents: number,
): Promise<PartitionArrivals> {
  const { name: hub, generation } = record;
  const stream: StreamPartition = { hub, generation, partition };
  const watermark = watermarkOf(ends, record, partition);
  const last = position?.last;
  if (last !== undefined && last <= watermark)
    return { chain: { stream, links: [] }, ahead: 0, lastLandedAt: -Infinity };

  const { links, files } = await readChain(
    lake,
    stream,
    watermark,
    last,
    maxEvents,
  );
  const end = links.at(-1)?.to ?? watermark;
  const next = files
    .filter(({ first }) => first > end + 1)
    .reduce((least, { first }) => Math.min(least, first), Infinity);
  const isLost = position !== undefined && position.begin > end + 1;
  const holeEnd = isLost ? position.begin - 1 : next - 1;
  const chain: Chain = { stream, links };
  if (Number.isFinite(holeEnd) && eventsOf(links) < maxEvents)
    return {
      chain,
      ahead: 0,
      lastLandedAt: latestOf(links.map(({ landedAt }) => landedAt)),
      gap: { ...stream, from: end + 1, to: holeEnd, isLost },
    };
  const ahead = last === undefined ? 0 : Math.max(0, last - end);
  const lastEnqueuedAt = ahead > 0 ? position?.lastEnqueuedAt : undefined;
  return {
    chain,
    ahead,
    ...(lastEnqueuedAt === undefined ? {} : { lastEnqueuedAt }),
    lastLandedAt: latestOf(files.map(({ landedAt }) => landedAt)),
  };
}

/** There may be more times than a call can have arguments, some 125,000: they are not spread. */
const latestOf = (times: readonly number[]): number =>
  times.reduce((latest, time) => Math.max(latest, time), -Infinity);

/** Lists bucket by bucket from the watermark's on, and no more than a batch can take. */
async function readChain(
  lake: Lake,
  stream: StreamPartition,
  watermark: number,
  last: number | undefined,
  maxEvents: number,
): Promise<{ links: Chain["links"]; files: BronzeFile[] }> {
  const firstBucket = bucketOf(watermark + 1);
  const lastBucket =
    last === undefined
      ? await greatestBucket(lake, stream, firstBucket)
      : bucketOf(last);
  let files: BronzeFile[] = [];
  let links: Chain["links"] = [];
  for (let bucket = firstBucket; bucket <= lastBucket; bucket += 1) {
    files = files.concat(await listBucket(lake, stream, bucket));
    links = chainFrom(watermark, files);
    const isNearStart = bucketOf(watermark + 1 - MAX_FILE_EVENTS) < firstBucket;
    if (
      bucket === firstBucket &&
      links.length === 0 &&
      isNearStart &&
      firstBucket > 0
    ) {
      // The file that holds watermark + 1 may begin in the bucket before.
      files = files.concat(await listBucket(lake, stream, firstBucket - 1));
      links = chainFrom(watermark, files);
    }
    if (eventsOf(links) >= maxEvents) break;
  }
  return { links, files: files.filter((file) => file.last > watermark) };
}

async function listBucket(
  lake: Lake,
  stream: StreamPartition,
  bucket: number,
): Promise<BronzeFile[]> {
  const files = await lake.list(bucketFolder(stream, bucket));
  return files.flatMap(({ path, modifiedAt }) => {
    const range = rangeOfPath(path);
    return range ? [{ path, ...range, landedAt: modifiedAt }] : [];
  });
}

async function greatestBucket(
  lake: Lake,
  stream: StreamPartition,
  least: number,
): Promise<number> {
  const names = await lake.listFolders(partitionFolder(stream));
  return names
    .map(Number)
    .filter(Number.isFinite)
    .reduce((greatest, bucket) => Math.max(greatest, bucket), least - 1);
}
