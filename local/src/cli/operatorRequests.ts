import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import type { PackagedDefinition } from "../platform/definitions.ts";
import { needNamed, needPipeline, refuseMore } from "./named.ts";
import { UsageError } from "./usageError.ts";

/** What an operator asks for: a document of the lake, which the watcher and the sinks obey. */
export type Request =
  | { readonly kind: "retry"; readonly sink?: string }
  | { readonly kind: "skip"; readonly batch: number }
  | { readonly kind: "reload"; readonly sink: string; readonly table?: string };

export interface Asked {
  readonly pipeline: string;
  readonly request: Request;
}

/** The sinks of a pipeline that the lake knows, also those that the pipeline has no more. */
export type FindSinks = (pipeline: string) => Promise<readonly string[]>;

/** `<pipeline> [--sink <sink>]`; a sink that was removed may still be blocked. */
export async function readRetry(
  args: readonly string[],
  findSinks: FindSinks,
  definitions?: readonly PackagedDefinition[],
): Promise<Asked> {
  const { values, positionals } = parse(args);
  const [name, ...rest] = positionals;
  const { pipeline, sinks } = needPipeline(name, definitions);
  refuseMore(rest);
  if (values.sink === undefined)
    return { pipeline, request: { kind: "retry" } };
  const packaged = Object.keys(sinks);
  const known = packaged.includes(values.sink)
    ? packaged
    : [...new Set([...packaged, ...(await findSinks(pipeline))])];
  const sink = needNamed(`sink of ${pipeline}`, known, values.sink);
  return { pipeline, request: { kind: "retry", sink } };
}

/** `<pipeline> <batch>` */
export function readSkip(
  args: readonly string[],
  definitions?: readonly PackagedDefinition[],
): Asked {
  const [name, number, ...rest] = positions(args);
  const { pipeline } = needPipeline(name, definitions);
  refuseMore(rest);
  const batch = Number(number);
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new UsageError(
      number === undefined
        ? "Name the number of the batch."
        : `'${number}' is no number of a batch: the first one is 1.`,
    );
  return { pipeline, request: { kind: "skip", batch } };
}

/** `<pipeline> <sink> [<table>]`; only a sink that the pipeline has can be given its tables again. */
export function readReload(
  args: readonly string[],
  definitions?: readonly PackagedDefinition[],
): Asked {
  const [name, sinkName, tableName, ...rest] = positions(args);
  const { pipeline, sinks } = needPipeline(name, definitions);
  const sink = needNamed(`sink of ${pipeline}`, Object.keys(sinks), sinkName);
  refuseMore(rest);
  if (tableName === undefined)
    return { pipeline, request: { kind: "reload", sink } };
  const tables = sinks[sink]?.tables ?? [];
  const table = needNamed(`table of the sink ${sink}`, tables, tableName);
  return { pipeline, request: { kind: "reload", sink, table } };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { sink: { type: "string" } },
    });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error),
    );
  }
}

/** The arguments of a verb that takes no options. */
function positions(args: readonly string[]): readonly string[] {
  const { values, positionals } = parse(args);
  if (values.sink !== undefined)
    throw new UsageError("There is no use for --sink here.");
  return positionals;
}

/** Sorted by time, and no two alike: `20260301T120000123Z-0a1b2c`. */
const newId = (now: Date): string =>
  `${now.toISOString().replace(/[-:.]/g, "")}-${randomBytes(3).toString("hex")}`;

/** A request as it is written: its path in the lake, and its document. */
export function requestDocument(
  { pipeline, request }: Asked,
  now = new Date(),
): { path: string; text: string } {
  const id = newId(now);
  const asked = { version: 2, id, createdAt: now.toISOString() };
  return {
    path: `_assay/pipelines/${pipeline}/requests/${id}.json`,
    text: JSON.stringify({ ...asked, ...request }),
  };
}
