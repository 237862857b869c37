import { randomBytes } from "node:crypto";
import type { Arguments } from "../../../scripts/arguments.mjs";
import type { PackagedDefinition } from "../platform/definitions.ts";
import { needNamed, needPipeline } from "./named.ts";

interface Retry {
  readonly kind: "retry";
  readonly sink?: string;
}

interface Skip {
  readonly kind: "skip";
  readonly batch: number;
  readonly withoutRows?: true;
}

interface Reload {
  readonly kind: "reload";
  readonly sink: string;
  readonly table?: string;
}

/** What an operator asks for: a document of the lake, which the watcher and the sinks obey. */
export interface Asked<Request = Retry | Skip | Reload> {
  readonly pipeline: string;
  readonly request: Request;
}

/** The sinks of a pipeline that the lake knows, also those that the pipeline has no more. */
export type FindSinks = (pipeline: string) => Promise<readonly string[]>;

/** `<pipeline> [--sink <sink>]`; a sink that was removed may still be blocked. */
export async function readRetry(
  { positionals, values }: Arguments,
  findSinks: FindSinks,
  definitions?: readonly PackagedDefinition[],
): Promise<Asked<Retry>> {
  const { pipeline, sinks } = needPipeline(positionals[0], definitions);
  const wanted = values.get("sink");
  if (wanted === undefined) return { pipeline, request: { kind: "retry" } };
  const packaged = Object.keys(sinks);
  const known = packaged.includes(wanted)
    ? packaged
    : [...new Set([...packaged, ...(await findSinks(pipeline))])];
  const sink = needNamed(`sink of ${pipeline}`, known, wanted);
  return { pipeline, request: { kind: "retry", sink } };
}

/** `<pipeline> <batch> [--without-rows]` */
export function readSkip(
  { positionals, flags }: Arguments,
  definitions?: readonly PackagedDefinition[],
): Asked<Skip> {
  const [name, number] = positionals;
  const { pipeline } = needPipeline(name, definitions);
  const skip = { kind: "skip", batch: Number(number) } as const;
  const request = flags.has("without-rows")
    ? { ...skip, withoutRows: true as const }
    : skip;
  return { pipeline, request };
}

/** `<pipeline> <sink> [<table>]`; only a sink that the pipeline has can be given its tables again. */
export function readReload(
  { positionals }: Arguments,
  definitions?: readonly PackagedDefinition[],
): Asked<Reload> {
  const [name, sinkName, tableName] = positionals;
  const { pipeline, sinks } = needPipeline(name, definitions);
  const sink = needNamed(`sink of ${pipeline}`, Object.keys(sinks), sinkName);
  if (tableName === undefined)
    return { pipeline, request: { kind: "reload", sink } };
  const tables = sinks[sink]?.tables ?? [];
  const table = needNamed(`table of the sink ${sink}`, tables, tableName);
  return { pipeline, request: { kind: "reload", sink, table } };
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
  const asked = { version: 3, id, createdAt: now.toISOString() };
  return {
    path: `_assay/pipelines/${pipeline}/requests/${id}.json`,
    text: JSON.stringify({ ...asked, ...request }),
  };
}
