/** What an author may write into `pipeline.yaml`: the kinds of sources and of sinks say what theirs is. */
import * as zod from "zod";
import { sinkKinds } from "../../src/sinks/index.ts";
import type { SinkKind } from "../../src/sinks/kind.ts";
import type { WrittenSource } from "../../src/sources/kind.ts";
import { suggestion } from "./mistakes.ts";
import { packagedKinds, type PackagedKind } from "./sources.ts";
import { duration, pathOf } from "./words.ts";

const { z } = zod;

/** Names become schemas, tables, functions and containers: what all of them allow. */
export const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const name = z
  .string({ error: "write a name." })
  .regex(
    NAME,
    "is no name: lower-case letters, digits and underscores, a letter first.",
  );

const grammars = new Map(
  packagedKinds.map((kind) => [
    kind.name,
    kind.yaml({ z, duration, contract: pathOf("contracts", ".schema.json") }),
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
const source = z
  .looseObject(
    {},
    { error: `write a source: its ${kindNames}, and its contract.` },
  )
  .transform((value, context): FileSource => {
    const kind = kindOfSource(value);
    if (kind === undefined) {
      context.addIssue(`has neither ${kindNames}: write one of them.`);
      return z.NEVER;
    }
    const result = grammars.get(kind.name)?.safeParse(value);
    if (result?.success) return { kind, written: result.data };
    pushIssues(context, result?.error, value);
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
  on_unusable_key: z
    .enum(["refuse", "block"], {
      error:
        "write refuse (rows without a usable key are counted and left out) or block (the batch waits for you).",
    })
    .default("refuse"),
});

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
  "kind" in value ? sinkKindsByName.get(String(value.kind)) : undefined;

const sinkGrammar = (kind: SinkKind) =>
  z.strictObject({
    kind: z.string(),
    tables: z
      .array(z.string(), { error: "write gold tables, such as [a, b]." })
      .min(1, "name at least one gold table, or leave tables out for all.")
      .exactOptional(),
    after: z.string({ error: "write the name of a sink." }).exactOptional(),
    ...kind.settings(zod),
  });

const sink = z
  .looseObject({}, { error: "write a sink: its kind." })
  .transform((value, context): FileSink => {
    const kind = kindOfSink(value);
    if (kind === undefined) {
      const names = [...sinkKindsByName.keys()];
      const written = value["kind"];
      const message =
        typeof written === "string"
          ? `${written} is no kind of sink. ${suggestion(written, names)}`
          : `write a kind of sink: ${names.join(" or ")}.`;
      context.addIssue({ code: "custom", message, path: ["kind"] });
      return z.NEVER;
    }
    const result = sinkGrammar(kind).safeParse(value);
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

const batching = z.strictObject({
  quiet_for: duration.default(3),
  at_most: duration.default(300),
  max_events: z.int().min(1).default(1_000_000),
  max_files: z.int().min(1).max(1_000).default(1_000),
});

export const pipelineFile = z.strictObject(
  {
    sources: z.record(name, source, { error: "write at least one source." }),
    batching: batching.prefault({}),
    gold: z.record(name, goldTable, {
      error: "write at least one gold table with its key.",
    }),
    sinks: z
      .record(name, sink, { error: "write sinks, each with its kind." })
      .refine((sinks) => Object.keys(sinks).length > 0, {
        error:
          "name at least one sink, or leave sinks out for one cosmos with all tables.",
      })
      .exactOptional(),
  },
  { error: "write sources and gold." },
);

export type PipelineFile = zod.infer<typeof pipelineFile>;

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
    (value as Record<PropertyKey, Record<PropertyKey, object> | undefined>)[
      section
    ]?.[entry ?? ""] ?? {};
  if (section === "sinks") {
    const kind = kindOfSink(written);
    return kind === undefined ? ["kind"] : Object.keys(sinkGrammar(kind).shape);
  }
  const kind = kindOfSource(written);
  return Object.keys(grammars.get(kind?.name ?? "hub")?.shape ?? {});
}
