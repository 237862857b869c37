/** The documents of a pipeline beside its batches, and of the streams that pipelines read. */
import { z } from "zod";
import { batchNumber, count, instant, name, version } from "./shared.ts";

/** One life of a stream. Written once, by the first process that lands events of it. */
export const stream = z.strictObject({
  version,
  kind: z.string(),
  name: z.string(),
  generation: z.string(),
  namespace: z.string(),
  createdOn: instant,
  epoch: z.string().describe("The replication epoch; 0 where there is none."),
  partitions: z.array(z.string()),
  begins: z
    .record(z.string(), z.int())
    .describe(
      "Where each partition began when the stream was registered: what came before is not expected.",
    ),
});

/** One life of a pipeline's state. */
export const incarnation = z.strictObject({
  version,
  incarnation: z.string(),
});

/** A claim: a dropped file on its way into a manifest. */
export const pendingFile = z.strictObject({
  version,
  id: z.string(),
  pipeline: name,
  source: name,
  name: z.string().describe("As it was dropped, below the source's folder."),
  path: z.string().describe("Where the claim moves it."),
  etag: z.string(),
  bytes: count,
  claimedAt: instant,
});

/** Which batch a file was last assigned to. Only a manifest says that it is in one. */
export const fileAssignment = z.strictObject({
  version,
  id: z.string(),
  batch: batchNumber,
});

const asked = { version, id: z.string(), createdAt: instant };

/** What an operator asks for. */
export const request = z.discriminatedUnion("kind", [
  z.strictObject({
    ...asked,
    kind: z.literal("retry"),
    sink: name.exactOptional(),
  }),
  z.strictObject({
    ...asked,
    kind: z.literal("skip"),
    batch: batchNumber,
    withoutRows: z.literal(true).exactOptional(),
  }),
  z.strictObject({
    ...asked,
    kind: z.literal("reload"),
    sink: name,
    table: name.exactOptional(),
  }),
]);

export const sinkBlock = z.strictObject({
  code: z.string(),
  message: z.string(),
  fault: z.enum(["ours", "theirs", "input"]),
  since: instant,
  failedAt: instant.describe("The newest of its failures."),
  retryAt: instant,
  failures: z.int().min(1),
});

/** How far a sink has delivered. Changed only under If-Match. */
export const sinkHead = z.strictObject({
  version,
  sink: name,
  kind: z.string(),
  nextBatch: batchNumber.describe("All batches before it are delivered."),
  deliveredParts: count.describe("So many parts of the next batch are."),
  refused: count.describe("Documents that the store refuses, by their fault."),
  updatedAt: instant,
  retiredAt: instant.exactOptional(),
  blocked: sinkBlock.exactOptional(),
  record: z
    .record(z.string(), z.unknown())
    .describe("What the kind itself remembers."),
});

/** A document that its store refuses by its own fault. */
export const refusedDocument = z.strictObject({
  version,
  table: name,
  key: z.array(z.string()),
  batch: batchNumber,
  status: z.int(),
  reason: z.string(),
});
