/** What arrived in bronze and is in no manifest yet. */
import type { Lake } from "../adapters/lake/index.ts";
import {
  bucketFolder,
  bucketOf,
  partitionFolder,
  rangeOfPath,
  streamOf,
  type StreamPartition,
} from "../domain/paths.ts";
import { watermarkOf } from "../domain/planning.ts";
import type { Ends, StreamRecord } from "../domain/records.ts";
import {
  contiguousSlices,
  eventsOf,
  type BronzeFile,
  type PartitionPosition,
  type SliceCandidate,
} from "../domain/slices.ts";
import { listGenerations } from "../ledger/streams.ts";
import { latestOf, NO_ARRIVALS, sumArrivals, type Arrivals } from "./kind.ts";

/** A file that begins in the bucket before reaches into this one only near its start: a delivery is far smaller. */
const MAX_FILE_EVENTS = 100_000;

/**
 * What landed of a stream after the watermark. Positions are asked for before anything is listed: what lands meanwhile
 * waits for the next look. It costs one listing a partition that has something new, of the buckets from the watermark on.
 */
export async function readStreamArrivals(
  lake: Lake,
  present: StreamRecord,
  positions: readonly PartitionPosition[],
  ends: Ends,
  maxEvents: number,
): Promise<Arrivals> {
  const generations = await listGenerations(lake, present.kind, present.name);
  const found = await Promise.all(
    generations.flatMap((generation) =>
      partitionsOf(generation, positions, present).map((position) =>
        readPartitionArrivals(lake, generation, position, ends, maxEvents),
      ),
    ),
  );
  return sumArrivals(found);
}

/** Of a generation that is over, the service knows no positions: what lies in bronze is all there will ever be. */
function partitionsOf(
  stream: StreamRecord,
  positions: readonly PartitionPosition[],
  present: StreamRecord,
): { partition: string; position?: PartitionPosition }[] {
  return stream.generation === present.generation
    ? positions.map((position) => ({ partition: position.partition, position }))
    : stream.partitions.map((partition) => ({ partition }));
}

async function readPartitionArrivals(
  lake: Lake,
  record: StreamRecord,
  { partition, position }: { partition: string; position?: PartitionPosition },
  ends: Ends,
  maxEvents: number,
): Promise<Arrivals> {
  const { kind, name, generation } = record;
  const of: StreamPartition = {
    stream: streamOf(kind, name),
    generation,
    partition,
  };
  const watermark = watermarkOf(ends, record, partition);
  const last = position?.last;
  if (last !== undefined && last <= watermark) return NO_ARRIVALS;

  const { slices, files } = await readSlices(
    lake,
    of,
    watermark,
    last,
    maxEvents,
  );
  const end = slices.at(-1)?.to ?? watermark;
  const next = files
    .filter(({ first }) => first > end + 1)
    .reduce((least, { first }) => Math.min(least, first), Infinity);
  const isLost = position !== undefined && position.begin > end + 1;
  const holeEnd = isLost ? position.begin - 1 : next - 1;
  if (Number.isFinite(holeEnd) && eventsOf(slices) < maxEvents)
    return {
      ...NO_ARRIVALS,
      ...arrived(of, slices, slices),
      gaps: [{ ...of, from: end + 1, to: holeEnd, isLost }],
    };
  const notLandedEvents = last === undefined ? 0 : Math.max(0, last - end);
  const lastEnqueuedAt =
    notLandedEvents > 0 ? position?.lastEnqueuedAt : undefined;
  return {
    ...NO_ARRIVALS,
    ...arrived(of, slices, files),
    notLandedEvents,
    ...(lastEnqueuedAt === undefined ? {} : { lastEnqueuedAt }),
  };
}

function arrived(
  of: StreamPartition,
  slices: readonly SliceCandidate[],
  landed: readonly { readonly landedAt: number }[],
): Pick<Arrivals, "partitions" | "lastLandedAt"> {
  const lastLandedAt = latestOf(landed.map(({ landedAt }) => landedAt));
  return {
    partitions: [{ of, slices }],
    ...(lastLandedAt === undefined ? {} : { lastLandedAt }),
  };
}

/** Lists bucket by bucket from the watermark's on, and no more than a batch can take. */
async function readSlices(
  lake: Lake,
  of: StreamPartition,
  watermark: number,
  last: number | undefined,
  maxEvents: number,
): Promise<{ slices: SliceCandidate[]; files: BronzeFile[] }> {
  const firstBucket = bucketOf(watermark + 1);
  const lastBucket =
    last === undefined
      ? await findGreatestBucket(lake, of, firstBucket)
      : bucketOf(last);
  let files: BronzeFile[] = [];
  let slices: SliceCandidate[] = [];
  for (let bucket = firstBucket; bucket <= lastBucket; bucket += 1) {
    files = files.concat(await listBucket(lake, of, bucket));
    slices = contiguousSlices(watermark, files);
    const isNearStart = bucketOf(watermark + 1 - MAX_FILE_EVENTS) < firstBucket;
    if (
      bucket === firstBucket &&
      slices.length === 0 &&
      isNearStart &&
      firstBucket > 0
    ) {
      // The file that holds watermark + 1 may begin in the bucket before.
      files = files.concat(await listBucket(lake, of, firstBucket - 1));
      slices = contiguousSlices(watermark, files);
    }
    if (eventsOf(slices) >= maxEvents) break;
  }
  return { slices, files: files.filter((file) => file.last > watermark) };
}

async function listBucket(
  lake: Lake,
  of: StreamPartition,
  bucket: number,
): Promise<BronzeFile[]> {
  const files = await lake.list(bucketFolder(of, bucket));
  return files.flatMap(({ path, modifiedAt }) => {
    const range = rangeOfPath(path);
    return range ? [{ path, ...range, landedAt: modifiedAt }] : [];
  });
}

async function findGreatestBucket(
  lake: Lake,
  of: StreamPartition,
  least: number,
): Promise<number> {
  const names = await lake.listFolders(partitionFolder(of));
  return names
    .map(Number)
    .filter(Number.isFinite)
    .reduce((greatest, bucket) => Math.max(greatest, bucket), least - 1);
}
