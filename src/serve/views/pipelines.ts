import { z } from "zod";
import { processedTable } from "../../domain/schemas/batch.ts";
import { sinkBlock } from "../../domain/schemas/pipeline.ts";
import {
  batchNumber,
  count,
  digest,
  instant,
  name,
} from "../../domain/schemas/shared.ts";
import { byName, shareView, type ViewOf } from "./shared.ts";

export const sinkState = z.enum([
  "idle",
  "delivering",
  "waiting",
  "blocked",
  "retired",
]);

export const behindView = z.strictObject({
  batches: count.describe("Batches that have ended and are not delivered."),
  seconds: count.describe("Since the first of them ended."),
});

const sinkView = z.strictObject({
  kind: z.string(),
  tables: z.array(name),
  after: name.describe("Another sink, which delivers first.").exactOptional(),
  state: sinkState,
  behind: behindView,
  movedAt: instant
    .describe("When it last noted what it has delivered.")
    .exactOptional(),
  refused: count.describe("Documents that the store refused by their fault."),
  refusedShare: shareView
    .describe("Of the documents that it is to deliver.")
    .exactOptional(),
  blocked: sinkBlock.omit({ failures: true, failedAt: true }).exactOptional(),
});

const fileView = z.strictObject({ path: z.string(), reason: z.string() });

/** Of its last batch with rows, and of the one before where they are few. */
const rowsView = z.strictObject({
  batches: z.array(batchNumber),
  rows: count.describe("Without duplicates."),
  quarantined: count,
  quarantinedShare: shareView,
  quarantinedBy: z
    .record(z.string(), count)
    .describe("The first reason of each row, the most frequent ones."),
  late: count,
  lateShare: shareView,
});

const tableView = z.strictObject({
  key: z.array(z.string()),
  ...processedTable.pick({ rows: true, refused: true }).partial().shape,
  refusedShare: shareView.describe("Of the SELECT's rows.").exactOptional(),
});

const remarkView = z.strictObject({
  about: z.enum(["quarantined", "refused", "late"]),
  place: z.string(),
  text: z.string().describe("With the reason, and what to do."),
});

export const pipelineView = z.strictObject({
  pipeline: name,
  state: z.string().describe("As GET /api/health says it."),
  detail: z.string().exactOptional(),
  remarks: z
    .array(remarkView)
    .describe(
      "What is to be looked after although all goes on: each share that is beyond what is tolerated.",
    )
    .exactOptional(),
  files: z
    .strictObject({
      notTaken: count.describe("Dropped files that wait to be looked after."),
      first: fileView.exactOptional(),
      setAside: count.describe(
        "Files that are set aside: no input, or claimed for a source that is gone; 1,000 at most.",
      ),
      lastSetAside: fileView.exactOptional(),
    })
    .exactOptional(),
  definition: digest
    .describe("Absent where the pipeline is disabled.")
    .exactOptional(),
  sources: byName(
    z.looseObject({
      kind: z.string(),
      input: z.enum(["stream", "files"]),
      newest: rowsView.exactOptional(),
    }),
  ),
  tables: byName(tableView),
  sinks: byName(sinkView),
});

export const pipelineListView = z.strictObject({
  pipelines: z.array(pipelineView.pick({ pipeline: true, state: true })),
});

export type SinkState = z.infer<typeof sinkState>;
export type RemarkView = ViewOf<typeof remarkView>;
export type SinkView = ViewOf<typeof sinkView>;
export type PipelineView = ViewOf<typeof pipelineView>;
export type PipelineListView = ViewOf<typeof pipelineListView>;
