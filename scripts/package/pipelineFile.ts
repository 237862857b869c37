/** What an author may write into `pipeline.yaml`: the kinds of sources and of sinks say what theirs is. */
import * as zod from "zod";
import { DEFAULT_TOLERATED } from "../../src/domain/rows.ts";
import { sinkKinds } from "../../src/sinks/index.ts";
import type { SinkKind } from "../../src/sinks/kind.ts";
import type { WrittenSource } from "../../src/sources/kind.ts";
import { suggestion } from "./mistakes.ts";
import type { KnownKeys } from "./sourceFile.ts";
import { packagedKinds, type PackagedKind } from "./sources.ts";
import { duration, pathOf, share, wordsOf } from "./words.ts";

const { z } = zod;

/** Names become schemas, tables, functions and containers: what all of them allow. */
export const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const name = z
  .string({ error: "Write a name." })
  .regex(
    NAME,
    "is no name of a table, source or sink. Write lower-case letters, digits and underscores, 63 at most, a letter first.",
  );
const column = z
  .string({ error: "Write the name of a column." })
  .min(1, "Write the name of a column.");
const wholeNumber = (max?: number) => {
  const error = `Write a whole number${max === undefined ? ", 1 at least" : ` from 1 to ${String(max)}`}.`;
  const least = z.int({ error }).min(1, error);
  return max === undefined ? least : least.max(max, error);
};

export const contractPath = pathOf("contracts", ".schema.json");

const grammars = new Map(
  packagedKinds.map((kind) => [
    kind.name,
    kind.yaml({ z, duration, contract: contractPath }),
  ]),
);
const kindNames = packagedKinds.map((kind) => kind.name).join(" or ");

/** A source with its kind, which the key of that name tells. */
export interface FileSource {
  readonly kind: PackagedKind;
  readonly written: WrittenSource;
}

const kindOfSource = (value: object): PackagedKind | undefined =>
  packagedKinds.find((kind) => kind.name in value);

/** What a source gets wrong is said in the words of its kind. */
export const source = z
  .looseObject(
    {},
    { error: `Write a source: its ${kindNames}, and its contract.` },
  )
  .transform((value, context): FileSource => {
    const kind = kindOfSource(value);
    if (kind === undefined) {
      context.addIssue(
        `has no ${kindNames}. Write one of them with the name of what it reads.`,
      );
      return z.NEVER;
    }
    const kinds = packagedKinds.filter((each) => each.name in value);
    if (kinds.length > 1) {
      context.addIssue(
        `has ${kinds.map((each) => each.name).join(" and ")}. Write one of them, and another source for the other.`,
      );
      return z.NEVER;
    }
    const result = grammars
      .get(kind.name)
      ?.safeParse(value, { error: wordsOf });
    if (result?.success) return { kind, written: result.data };
    pushIssues(context, result?.error, value);
    return z.NEVER;
  });

const KEY = "Write the columns that name a row, such as [airport, day].";

export const goldTable = z.strictObject(
  {
    key: z
      .array(column, { error: KEY })
      .min(1, KEY)
      .superRefine((columns, context) => {
        const lower = columns.map((each) => each.toLowerCase());
        for (const [index, each] of columns.entries())
          if (lower.indexOf(each.toLowerCase()) < index)
            context.addIssue({
              code: "custom",
              path: [index],
              message: `${each} is there twice. Write each column once.`,
            });
      }),
    mode: z
      .enum(["full"], { error: "Write full, the one mode that there is." })
      .default("full"),
    on_unusable_key: z
      .enum(["refuse", "block"], {
        error:
          "Write refuse, and rows without a usable key are counted and left out, or block, and the batch waits for you.",
      })
      .default("refuse"),
  },
  { error: "Write a table's key, such as { key: [airport, day] }." },
);

/** A sink with its kind, and the keys that are its kind's own. */
export interface FileSink {
  readonly kind: SinkKind;
  /** All tables where it says none. */
  readonly tables?: readonly string[];
  readonly after?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** By name: an author may write any word, also one that every object has. */
const sinkKindsByName = new Map(Object.entries(sinkKinds));

const kindOfSink = (value: object): SinkKind | undefined =>
  "kind" in value && typeof value.kind === "string"
    ? sinkKindsByName.get(value.kind)
    : undefined;

export const sinkGrammar = (kind: SinkKind) =>
  z.strictObject({
    kind: z.string(),
    tables: z
      .array(z.string({ error: "Write the name of a gold table." }), {
        error: "Write gold tables, such as [a, b].",
      })
      .min(1, "Write at least one gold table, or leave tables out for all.")
      .exactOptional(),
    after: z
      .string({ error: "Write the name of one sink, such as after: cosmos." })
      .exactOptional(),
    ...kind.settings(zod),
  });

const SINK = `Write a sink's kind, such as { kind: ${[...sinkKindsByName.keys()].join(" } or { kind: ")} }.`;

const sink = z
  .looseObject({}, { error: SINK })
  .transform((value, context): FileSink => {
    const kind = kindOfSink(value);
    if (kind === undefined) {
      const names = [...sinkKindsByName.keys()];
      const written = value["kind"];
      const message =
        typeof written === "string"
          ? `${written} is no kind of sink. ${suggestion(written, names)}`
          : `Write a kind of sink: ${names.join(" or ")}.`;
      context.addIssue({ code: "custom", message, path: ["kind"] });
      return z.NEVER;
    }
    const result = sinkGrammar(kind).safeParse(value, { error: wordsOf });
    if (!result.success) {
      pushIssues(context, result.error, value);
      return z.NEVER;
    }
    const { tables, after, ...others } = result.data;
    const settings = Object.fromEntries(
      Object.entries(others).filter(([key]) => key !== "kind"),
    );
    return {
      kind,
      ...(tables === undefined ? {} : { tables }),
      ...(after === undefined ? {} : { after }),
      settings,
    };
  });

/** The issues of an inner schema, as they are. */
function pushIssues(
  context: zod.z.RefinementCtx,
  error: zod.ZodError | undefined,
  input: unknown,
): void {
  for (const issue of error?.issues ?? [])
    context.issues.push({ ...issue, input } as never);
}

export const batching = z
  .strictObject(
    {
      quiet_for: duration.default(3),
      at_most: duration.default(300),
      max_events: wholeNumber().default(1_000_000),
      max_files: wholeNumber(1_000).default(1_000),
    },
    { error: "Write quiet_for, at_most, max_events or max_files." },
  )
  .superRefine(({ quiet_for: quiet, at_most: most }, context) => {
    if (most < quiet)
      context.addIssue({
        code: "custom",
        path: ["at_most"],
        message: `is shorter than quiet_for, which would never count. Write ${String(quiet)} seconds or more, or a shorter quiet_for.`,
      });
  });

export const tolerated = z.strictObject(
  {
    quarantined: share.default(DEFAULT_TOLERATED.quarantined),
    refused: share.default(DEFAULT_TOLERATED.refused),
    late: share.exactOptional(),
  },
  { error: "Write quarantined, refused or late, each with a share." },
);

const SOURCES =
  "Write at least one source, such as flights: { hub: flights, contract: contracts/flight.schema.json }.";
const GOLD =
  "Write gold tables, each with its key, such as delays: { key: [airport] }, or {} for none.";
const SINKS =
  "Write sinks by their names, such as cosmos: { kind: cosmos }, or leave sinks out for one cosmos with all tables.";
const isNotEmpty = (entries: object): boolean =>
  Object.keys(entries).length > 0;

export const pipelineFile = z.strictObject(
  {
    sources: z
      .record(name, source, { error: SOURCES })
      .refine(isNotEmpty, { error: SOURCES }),
    batching: batching.prefault({}),
    tolerated: tolerated.prefault({}),
    gold: z.record(name, goldTable, { error: GOLD }),
    sinks: z
      .record(name, sink, { error: SINKS })
      .refine(isNotEmpty, { error: SINKS })
      .exactOptional(),
  },
  { error: "Write sources and gold." },
);

export type PipelineFile = zod.infer<typeof pipelineFile>;

/** The keys that are known at a place of the file, for suggestions. */
export function knownAt(
  pipeline: string,
  path: readonly PropertyKey[],
  value: unknown,
): KnownKeys {
  const [section, entry] = path;
  if (section === undefined) return { keys: Object.keys(pipelineFile.shape) };
  if (section === "batching") return { keys: Object.keys(batching.shape) };
  if (section === "tolerated") return { keys: Object.keys(tolerated.shape) };
  if (section === "gold") return { keys: Object.keys(goldTable.shape) };
  const written =
    (value as Record<PropertyKey, Record<PropertyKey, object> | undefined>)[
      section
    ]?.[entry ?? ""] ?? {};
  if (section === "sinks") {
    const kind = kindOfSink(written);
    return kind === undefined
      ? { keys: ["kind"] }
      : {
          keys: Object.keys(sinkGrammar(kind).shape),
          elsewhere: settingFor(kind, pipeline, String(entry)),
        };
  }
  const kind = kindOfSource(written);
  return { keys: Object.keys(grammars.get(kind?.name ?? "hub")?.shape ?? {}) };
}

/** An address or a secret differs between installations: the kind reads it from a setting of the app. */
const settingFor =
  (kind: SinkKind, pipeline: string, sinkName: string) =>
  (key: string): string | undefined => {
    const { settings = [] } = kind.provision(pipeline, sinkName, {
      kind: kind.name,
      tables: [],
      settings: {},
    });
    const setting = settings.find((each) =>
      each.endsWith(`_${key.toUpperCase()}`),
    );
    return setting === undefined
      ? undefined
      : `Write it into the app's setting ${setting} instead, and remove it here.`;
  };
