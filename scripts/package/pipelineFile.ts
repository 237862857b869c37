import { z } from "zod";

/** What an author may write into `pipeline.yaml`. Lengths of time are written `3 seconds`, `5 minutes`, `2 days`. */

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

const duration = z
  .string({ error: "write a length of time, such as 2 days." })
  .transform((text, context): number => {
    const match = /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/.exec(
      text.trim(),
    );
    if (match?.[1] === undefined || match[2] === undefined) {
      context.addIssue({
        code: "custom",
        message: `'${text}' is no length of time: write 3 seconds, 5 minutes or 2 days.`,
      });
      return z.NEVER;
    }
    return Number(match[1]) * (UNIT_SECONDS[match[2]] ?? 1);
  });

/** Names become schemas, tables, functions and containers: what all of them allow. */
export const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const name = z
  .string({ error: "write a name." })
  .regex(
    NAME,
    "is no name: lower-case letters, digits and underscores, a letter first.",
  );
/** Less than Event Hubs allows: the name goes into that of the function `ingestEvents-<hub>`, which has 128 at most. */
const hubName = z
  .string({ error: "write the name of an event hub." })
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,113}[A-Za-z0-9])?$/,
    "is no name of an event hub that a function can be named after: write letters, digits, '-' and '_', 115 at most, a letter or digit first and last.",
  );
const folderName = z
  .string({ error: "write the name of a folder below landing/." })
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
    "is no folder below landing/: letters, digits, '-' and '_', no slash.",
  );
const file = (folder: string, ending: string): z.ZodString =>
  z.string({
    error: `write the path of a file, such as ${folder}/name${ending}.`,
  });

const eventSource = z.strictObject({
  hub: hubName,
  partitions: z
    .int({ error: "write a number of partitions." })
    .min(1)
    .max(32)
    .default(4),
  contract: file("contracts", ".schema.json"),
  event_time: z.string().optional(),
  late_after: duration.optional(),
});

const fileSource = z.strictObject({
  landing: folderName,
  trigger: z
    .enum(["queue", "blob"], { error: "write queue or blob." })
    .default("queue"),
  format: z
    .enum(["csv"], { error: "write csv: other formats are not read yet." })
    .default("csv"),
  on_redrop: z
    .enum(["replace", "append", "reject"], {
      error: "write replace, append or reject.",
    })
    .default("replace"),
  contract: file("contracts", ".schema.json"),
});

/** Which of the two a source is, its own keys tell; what it gets wrong is then said in that one's words. */
const source = z
  .looseObject(
    {},
    {
      error: "write a source: its hub or its landing folder, and its contract.",
    },
  )
  .transform((value, context) => {
    const isEvents = "hub" in value;
    if (!isEvents && !("landing" in value)) {
      context.addIssue({
        code: "custom",
        message:
          "has neither hub (events) nor landing (files): write one of them.",
      });
      return z.NEVER;
    }
    const result = (isEvents ? eventSource : fileSource).safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  });

const goldTable = z.strictObject({
  key: z
    .array(z.string(), {
      error: "write the columns that name a row, such as [airport, day].",
    })
    .min(1, "name at least one column."),
  mode: z
    .enum(["full"], { error: "write full: other modes are not there yet." })
    .default("full"),
});

const batching = z.strictObject({
  quiet_for: duration.default(3),
  at_most: duration.default(300),
  max_events: z.int().min(1).default(1_000_000),
  max_files: z.int().min(1).max(1_000).default(1_000),
});

export const pipelineFile = z.strictObject(
  {
    sources: z.record(name, source, { error: "write at least one source." }),
    batching: batching.default({
      quiet_for: 3,
      at_most: 300,
      max_events: 1_000_000,
      max_files: 1_000,
    }),
    gold: z.record(name, goldTable, {
      error: "write at least one gold table with its key.",
    }),
  },
  { error: "write sources and gold." },
);

export type PipelineFile = z.infer<typeof pipelineFile>;
export type EventSource = z.infer<typeof eventSource>;
export type FileSource = z.infer<typeof fileSource>;

export const isEventSource = (
  value: EventSource | FileSource,
): value is EventSource => "hub" in value;

/** The keys that are known at a place of the file, for suggestions. */
export function keysAt(
  path: readonly PropertyKey[],
  value: unknown,
): readonly string[] {
  const [section, entry] = path;
  if (section === undefined) return Object.keys(pipelineFile.shape);
  if (section === "batching") return Object.keys(batching.shape);
  if (section === "gold") return Object.keys(goldTable.shape);
  const written =
    (value as { sources?: Record<PropertyKey, object> }).sources?.[
      entry ?? ""
    ] ?? {};
  return Object.keys("hub" in written ? eventSource.shape : fileSource.shape);
}
