import { z } from "zod";
import { processedTable } from "./batch.ts";
import { batchNumber, count, instant, name, version } from "./shared.ts";

const gap = z.strictObject({
  stream: z.string().describe("<kind>/<name>"),
  generation: z.string(),
  partition: z.string(),
  from: z.int(),
  to: z.int().describe("Included."),
  closesAt: instant.describe("Until when they are waited for."),
});

const notLanded = z.strictObject({
  stream: z.string().describe("<kind>/<name>"),
  generation: z.string(),
  partition: z.string(),
  events: z.int().min(1),
  landedTo: z
    .int()
    .exactOptional()
    .describe(
      "The last event that landed; absent where none of those that the stream still holds did.",
    ),
  lastEnqueuedAt: instant.exactOptional(),
  since: instant.describe(
    "The first look since which nothing of the partition has landed.",
  ),
});

const rowsOfBatch = z.strictObject({
  batch: batchNumber,
  rows: z.int().min(1).describe("Duplicates are not among them."),
  quarantined: count,
  quarantinedBy: z
    .record(z.string(), count)
    .exactOptional()
    .describe("As the batch's account has it."),
  late: count,
});

/** Why the watcher last failed at a look or at a plan. Health tells it while something has waited since before then. */
export const planFailure = z.strictObject({
  version,
  at: instant,
  activity: z.enum(["readPipelineStatus", "planBatch"]),
  code: z.string(),
  message: z.string(),
});

/** What the watcher saw when it last looked for input. Health reads it, and looks at no stream itself. */
export const inputStatus = z.strictObject({
  version,
  at: instant,
  newestBatch: count
    .exactOptional()
    .describe("The newest batch then, which had ended; absent: none yet."),
  askedSince: instant
    .exactOptional()
    .describe(
      "The first look, since the newest batch, that found a batch asked for without input.",
    ),
  waitingEvents: count,
  waitingFiles: count,
  gapEvents: count
    .exactOptional()
    .describe("Events that the next batch is to account for without them."),
  hasActiveRun: z
    .literal(true)
    .exactOptional()
    .describe(
      "A job run of the newest batch has not ended: nothing may follow it yet.",
    ),
  notLanded: z
    .array(notLanded)
    .exactOptional()
    .describe("In the streams, and in no batch's reach yet, by partition."),
  isFull: z.boolean().describe("More waits than a batch may hold."),
  gaps: z.array(gap).max(20),
  rows: z
    .record(name, z.array(rowsOfBatch).min(1).max(2))
    .exactOptional()
    .describe(
      "What became of the rows of the newest batches that had some, by source; the newest first.",
    ),
  tables: z
    .record(name, processedTable.pick({ rows: true, refused: true }))
    .exactOptional()
    .describe("Of the newest batch that was processed."),
});
