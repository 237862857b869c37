import { z } from "zod";
import {
  blocked,
  manifest,
  process,
  skipped,
} from "../../domain/schemas/batch.ts";
import { digest, name } from "../../domain/schemas/shared.ts";
import { byName, shareView, type ViewOf } from "./shared.ts";

/** The counts of a table, without the files that hold its changes. */
const tableView = process.shape.tables.valueType
  .omit({ changes: true, snapshot: true })
  .extend({
    refusedShare: shareView.describe("Of the rows of the table's SELECT."),
  });

const sourceView = process.shape.sources.valueType.extend({
  quarantinedShare: shareView.describe("Of the rows without duplicates."),
  lateShare: shareView.describe("Of the rows without duplicates."),
});

export const batchView = z.strictObject({
  ...manifest.pick({ batch: true, kind: true, createdAt: true }).shape,
  state: z.enum(["planned", "running", "processed", "skipped", "blocked"]),
  definition: digest,
  ends: manifest.shape.ends.describe(
    "Last sequence numbers, by stream (<kind>/<name>), generation and partition.",
  ),
  sources: z.union([byName(sourceView), skipped.shape.sources]).exactOptional(),
  tables: byName(tableView).exactOptional(),
  seconds: z
    .number()
    .describe("Of the last job run, its queueing left out.")
    .exactOptional(),
  sinks: byName(
    z.enum(["delivered", "delivering", "waiting", "blocked"]),
  ).exactOptional(),
  blocked: blocked.omit({ version: true }).exactOptional(),
});

export const batchListView = z.strictObject({
  pipeline: name,
  batches: z.array(batchView).describe("The newest first, at most 20."),
});

export type BatchView = ViewOf<typeof batchView>;
export type BatchListView = ViewOf<typeof batchListView>;
export type DeliveryState = NonNullable<BatchView["sinks"]>[string];
