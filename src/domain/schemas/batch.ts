/** The documents of one batch. */
import { z } from "zod";
import {
  batchNumber,
  count,
  digest,
  ends,
  instant,
  name,
  part,
  version,
} from "./shared.ts";

const slice = z.strictObject({
  source: name,
  stream: z.string().describe("<kind>/<name>"),
  generation: z.string(),
  partition: z.string(),
  from: z.int(),
  to: z.int().describe("Included."),
  path: z.string(),
});

const file = z.strictObject({
  source: name,
  id: z.string(),
  path: z.string(),
  name: z.string().describe("As it was dropped, below its folder."),
  bytes: count,
});

const range = {
  stream: z.string().describe("<kind>/<name>"),
  generation: z.string(),
  partition: z.string(),
  from: z.int(),
  to: z.int().describe("Included."),
};

const gap = z.strictObject({
  source: name,
  ...range,
  reason: z
    .enum(["expired", "missing", "recovered"])
    .describe(
      "expired: the service does not hold them any more; missing: they did not come in time; recovered: an earlier batch accounts for them as one of these, and now they are in slices.",
    ),
});

const awaited = z.strictObject({
  ...range,
  since: instant.describe("When a batch first accounted for them."),
  hasExpired: z
    .literal(true)
    .exactOptional()
    .describe("The service does not hold them any more."),
});

/** A sink, or one table of it, that is to get a snapshot because an operator asked. */
const reload = z.strictObject({ sink: name, table: name.exactOptional() });

/** The plan of a batch, written ahead. Read by the app and the job. */
export const manifest = z.strictObject({
  version,
  pipeline: name,
  incarnation: z.string(),
  batch: batchNumber,
  kind: z
    .enum(["regular", "rebuild"])
    .describe("rebuild: no new input; a definition or a reload asks for it."),
  definition: digest,
  createdAt: instant,
  slices: z.array(slice),
  files: z.array(file),
  gaps: z
    .array(gap)
    .exactOptional()
    .describe("Events that the batch accounts for without having them."),
  awaited: z
    .array(awaited)
    .max(20)
    .exactOptional()
    .describe("Gaps of this batch and earlier ones, should their events come."),
  ends,
  reloads: z.array(reload),
  requests: z
    .array(z.string())
    .describe("Ids of the requests that it settles."),
});

/** Stands before the manifest's own definition, for the attempts from `firstAttempt` on. */
export const definitionOverride = z.strictObject({
  version,
  definition: digest,
  firstAttempt: z.int().min(1),
});

/** Written by the app ahead of the submit; the last three when they are known. */
export const attempt = z.strictObject({
  version,
  attempt: z.int().min(1),
  token: z.string().max(64),
  createdAt: instant,
  runId: z.int().exactOptional(),
  seconds: z
    .number()
    .exactOptional()
    .describe("Of the job run, queueing left out."),
  failedBy: z
    .enum(["code", "platform"])
    .exactOptional()
    .describe("What ended the job run, where it failed."),
});

/** Written by the job when an attempt fails on what its author or its input says. */
export const failure = z.strictObject({
  version,
  attempt: z.int().min(1),
  step: z.enum(["read", "silver", "gold"]),
  condition: z.string(),
  message: z.string(),
  file: z
    .string()
    .exactOptional()
    .describe("Relative to the pipeline's folder."),
  line: z.int().exactOptional(),
});

/** What one process of an attempt did and how long it took. Written by the job. */
export const report = z.strictObject({
  version,
  attempt: z.int().min(1),
  statements: count,
  commits: count,
  seconds: z.strictObject({
    start: z.number(),
    silver: z.number(),
    gold: z.number(),
  }),
});

const account = z.strictObject({
  received: count,
  events: count
    .exactOptional()
    .describe("That the rows came in, where an event holds several."),
  accepted: count,
  duplicate: count,
  duplicateBy: z
    .record(z.string(), count)
    .exactOptional()
    .describe("position: delivered twice; x-key: another row has its key."),
  quarantined: count,
  quarantinedBy: z
    .record(z.string(), count)
    .exactOptional()
    .describe("The most frequent first reasons, and the rest as `other`."),
  late: count,
  future: count
    .exactOptional()
    .describe(
      "Accepted, and so far ahead of the batch that they do not move `newestEventAt`.",
    ),
  expired: count,
  missing: count,
  recovered: count
    .exactOptional()
    .describe("Accounted for by an earlier batch as expired or missing."),
  newestEventAt: instant.nullable(),
  partitions: z
    .record(
      z.string(),
      z.strictObject({
        from: z.int(),
        to: z.int(),
        rows: count,
        distinct: count,
      }),
    )
    .describe("By <generation>/<partition>."),
});

/** The accounts of the sources with input. A function of the silver logs alone. */
export const silver = z.strictObject({
  version,
  sources: z.record(name, account),
});

export const processedTable = z.strictObject({
  key: z.array(z.string()).min(1),
  rows: count,
  inserted: count,
  updated: count,
  deleted: count,
  refused: z
    .strictObject({
      null: count.min(1).exactOptional(),
      empty: count.min(1).exactOptional(),
      "too long": count.min(1).exactOptional(),
    })
    .describe(
      "Rows of this batch's SELECT whose key names no document, by what is wrong with it. They are not in the table.",
    ),
  changes: z.array(part),
  snapshot: z
    .array(part)
    .exactOptional()
    .describe("All rows, where a sink gets a snapshot."),
});

/** The end of a batch. A function of the silver logs and the seal alone: every writer writes the same. */
export const process = z.strictObject({
  version,
  pipeline: name,
  incarnation: z.string(),
  batch: batchNumber,
  definition: digest,
  sources: z.record(name, account),
  newestEventAt: z.record(name, instant),
  tables: z.record(name, processedTable),
  sinks: z.record(
    name,
    z.strictObject({
      tables: z.record(name, z.enum(["changes", "snapshot"])),
    }),
  ),
});

const skippedAccount = z.union([
  account.extend({ skipped: count }),
  z.strictObject({
    received: count,
    skipped: count,
    files: count.exactOptional(),
  }),
]);

/** The other end of a batch: an operator asked to go on without it. Written by the app. */
export const skipped = z.strictObject({
  version,
  batch: batchNumber,
  skippedAt: instant,
  request: z.string(),
  withoutRows: z
    .literal(true)
    .exactOptional()
    .describe(
      "What silver had judged and counted does not count: the next batch takes it out.",
    ),
  sources: z.record(name, skippedAccount),
});

export const blocked = z.strictObject({
  version,
  reason: z.enum(["input", "job"]),
  code: z.string(),
  message: z.string(),
  file: z.string().exactOptional(),
  line: z.int().exactOptional(),
  runPageUrl: z.string().exactOptional(),
  definition: digest.describe("Another one is reason to try again."),
  retryAt: instant
    .exactOptional()
    .describe("Absent where only another definition can help."),
});
