import { encodeCapture } from "../../domain/capture.ts";
import { digestOfEvents } from "../../domain/digestOfEvents.ts";
import {
  bronzeEventsPath,
  MAX_FILE_EVENTS,
  streamOf,
} from "../../domain/paths.ts";
import { sequenceRanges } from "../../domain/sequenceRanges.ts";
import { normaliseMetadata } from "../../domain/triggerMetadata.ts";
import { AssayError } from "../../errors.ts";
import type { AppContext } from "../../context.ts";
import {
  eventsConflicted,
  eventsLanded,
  eventsRedelivered,
} from "../../telemetry/events.ts";
import {
  forgetGeneration,
  readDeliveredGeneration,
  rememberLanded,
} from "./generations.ts";

/** What the host gives at once: events of one partition, in order. */
export interface Delivery {
  readonly hub: string;
  readonly bodies: readonly Buffer[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Lands a delivery: one bronze file for each range of consecutive events. A repeated delivery meets its own file.
 * It fails where the lake or the hub does, where positions are missing, and where a file of the same position holds other
 * events: the host gives the delivery again in each case.
 */
export async function landEvents(
  context: AppContext,
  { hub, bodies, metadata }: Delivery,
): Promise<void> {
  if (bodies.length === 0) return;
  const positions = normaliseMetadata(metadata, bodies.length);
  if (!positions)
    throw new AssayError(
      "DELIVERY_MISALIGNED",
      `${bodies.length} bodies of ${hub} came without a position for each.`,
    );
  const { partition, sequenceNumbers } = positions;
  const [first = 0] = sequenceNumbers;
  const { generation } = await readDeliveredGeneration(context, {
    hub,
    partition,
    first,
  });
  for (const range of sequenceRanges(sequenceNumbers, MAX_FILE_EVENTS)) {
    const first = sequenceNumbers[range.from] ?? 0;
    const last = sequenceNumbers[range.to - 1] ?? 0;
    const path = bronzeEventsPath(
      { stream: streamOf("hub", hub), generation, partition },
      first,
      last,
    );
    const file = encodeCapture(bodies, positions, range, path);
    const fields = { hub, partition, first, last };
    const stamp = {
      count: String(range.to - range.from),
      events: digestOfEvents(bodies, sequenceNumbers, range),
    };
    if (await context.lake.createOnce(path, file, stamp))
      eventsLanded(context.log, { ...fields, bytes: file.length });
    else if (isSame(stamp, (await context.lake.find(path))?.metadata))
      eventsRedelivered(context.log, fields);
    else {
      eventsConflicted(context.log, { ...fields, path });
      forgetGeneration(context, hub);
      throw new AssayError(
        "BRONZE_CONFLICT",
        `${path} exists and holds other events.`,
      );
    }
    rememberLanded(context, fields);
  }
}

type Stamp = Readonly<Record<"count" | "events", string>>;

/**
 * A redelivery may come with other metadata, or be encoded otherwise: the same events are the same file. Of a file
 * without a digest, as a version before has written it, nothing more can be known than how many events it has: a
 * conflict that no try can end would stop the partition.
 */
const isSame = (
  { count, events }: Stamp,
  found: Readonly<Record<string, string>> | undefined,
): boolean =>
  found?.["count"] === count && (found["events"] ?? events) === events;
