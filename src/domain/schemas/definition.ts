import { z } from "zod";
import { ENCODINGS, PLAIN_FORMATS } from "../formats.ts";
import { count, digest, name, version } from "./shared.ts";

/** Where a mistake in a contract is told, when a batch meets it. */
const contractPlace = {
  contractFile: z
    .string()
    .describe("Relative to the pipeline's folder.")
    .exactOptional(),
  contractLines: z
    .record(z.string(), z.int().min(1))
    .describe("Of the contract's properties, in its file.")
    .exactOptional(),
};

const hubSource = z.strictObject({
  kind: z.literal("hub"),
  input: z.literal("stream"),
  stream: z.string().describe("<kind>/<name>"),
  hub: z.string(),
  consumerGroup: z.string(),
  contiguous: z
    .boolean()
    .describe("Positions follow each other without holes."),
  landWithinSeconds: z
    .number()
    .min(0)
    .describe("How long the host may wait for more events.")
    .exactOptional(),
  eventTime: z.string().exactOptional(),
  lateAfterSeconds: z.number().min(0).exactOptional(),
  futureAfterSeconds: z
    .number()
    .min(0)
    .describe(
      "An event that is so much later than its batch does not move the clock by which others are late.",
    )
    .exactOptional(),
  split: z
    .enum(["array", "records"])
    .describe("A body holds several rows.")
    .exactOptional(),
  contract: z.record(z.string(), z.unknown()),
  ...contractPlace,
});

const csvFormat = z.strictObject({
  kind: z.literal("csv"),
  delimiter: z.string().length(1),
  quote: z
    .string()
    .length(1)
    .exactOptional()
    .describe("Without it, no character quotes."),
  encoding: z.enum(ENCODINGS),
  columns: z
    .array(z.string())
    .min(1)
    .exactOptional()
    .describe("The names of the columns, where the files have no header."),
  skipLines: count.describe("Lines before the header."),
  decimal: z.enum([".", ","]),
});

const landingSource = z.strictObject({
  kind: z.literal("landing"),
  input: z.literal("files"),
  folder: z.string().describe("Below landing/."),
  trigger: z.enum(["queue", "blob"]),
  format: z.discriminatedUnion("kind", [
    csvFormat,
    z.strictObject({ kind: z.enum(PLAIN_FORMATS) }),
  ]),
  onRedrop: z.enum(["replace", "append", "reject"]),
  onRepeatedKey: z
    .enum(["first", "last"])
    .describe("Which of several rows with one key stands.")
    .exactOptional(),
  contract: z.record(z.string(), z.unknown()),
  ...contractPlace,
});

const goldTable = z.strictObject({
  file: z.string().describe("Relative to the pipeline's folder."),
  mode: z.enum(["full"]),
  key: z
    .array(z.string())
    .min(1)
    .describe(
      "The columns that name a row; the first is the partition of the served documents.",
    ),
  onUnusableKey: z
    .enum(["refuse", "block"])
    .describe("What becomes of a row whose key names no document."),
  sql: z.string(),
  reads: z.array(z.string()),
});

const sink = z.strictObject({
  kind: z.string(),
  tables: z.array(name),
  after: name.exactOptional(),
  settings: z.record(z.string(), z.unknown()),
});

const batching = z.strictObject({
  quietForSeconds: z.number().min(0),
  atMostSeconds: z.number().min(0),
  maxEvents: count,
  maxFiles: count,
});

const share = z.number().min(0).max(1);

const tolerated = z.strictObject({
  quarantined: share.describe("Of the newest rows of a source."),
  refused: share.describe(
    "Of the rows of a gold table, and of the documents of a sink.",
  ),
  late: share.exactOptional().describe("Of the newest rows of a source."),
});

/** A compiled pipeline, as `npm run package` writes it. */
export const definition = z.strictObject({
  version,
  pipeline: name,
  digest,
  sources: z.record(
    name,
    z.discriminatedUnion("kind", [hubSource, landingSource]),
  ),
  gold: z.record(name, goldTable),
  goldOrder: z.array(name).describe("Each table after those that it reads."),
  sinks: z.record(name, sink),
  batching,
  tolerated: tolerated
    .exactOptional()
    .describe("Shares beyond which the pipeline is degraded."),
});
