import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ask, POLL_MS } from "./ask.ts";
import type { Clients } from "./clients.ts";
import type { PackagedDefinition } from "./definitions.ts";

/** A batch, as the app's own API tells of it. */
export interface Batch {
  readonly batch: number;
  readonly state: "planned" | "running" | "processed" | "skipped" | "blocked";
  /** The digest of the definition that it was processed by. */
  readonly definition: string;
  /** The last sequence number that it takes in, by stream, generation and partition. */
  readonly ends: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
  >;
  /** How far each sink is that the batch owes something to. */
  readonly sinks?: Readonly<
    Record<string, "delivered" | "delivering" | "waiting" | "blocked">
  >;
  readonly blocked?: {
    /** The definition that it failed by: another one unblocks it. */
    readonly definition: string;
    /** `input`: what the pipeline's author or its data say; `job`: the job or what it runs on. */
    readonly reason: "input" | "job";
    readonly code: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly runPageUrl?: string;
    /** When it is tried again by itself. */
    readonly retryAt?: string;
  };
}

/** Whether nothing more is to be processed of it. What its sinks have of it is another question. */
export const isOver = ({ state }: Batch): boolean =>
  state === "processed" || state === "skipped";

/** Whether it takes in every event up to these sequence numbers of a stream. */
export const takesIn = (
  { ends }: Batch,
  stream: string,
  last: ReadonlyMap<string, number>,
): boolean => {
  const generations = Object.values(ends[stream] ?? {});
  return [...last].every(
    ([partition, sequence]) =>
      sequence < 0 ||
      generations.some((end) => (end[partition] ?? -1) >= sequence),
  );
};

/** Whether it is blocked by the definition that is packaged now: nothing but a person or time leads on. */
export const isBlockedBy = (
  { state, blocked }: Batch,
  { digest }: PackagedDefinition,
): boolean => state === "blocked" && blocked?.definition === digest;

/** Thrown when a batch is blocked, so that a wait for it ends. */
export class BatchBlocked extends Error {
  constructor(pipeline: string, batch: Batch) {
    super(blockedBatch(pipeline, batch));
    this.name = "BatchBlocked";
  }
}

/** What Spark said, where in the author's file, where the log lies, whose fault it is, and what leads on. */
export function blockedBatch(
  pipeline: string,
  { batch, blocked }: Batch,
): string {
  const { file, line, reason, retryAt } = blocked ?? {};
  const place = line === undefined ? file : `${file ?? ""}:${line}`;
  const isAuthors = reason === "input";
  return [
    `Batch ${batch} of ${pipeline} is blocked: ${blocked?.code ?? "unknown"}`,
    `  ${blocked?.message ?? ""}`,
    ...(place === undefined ? [] : [`  pipelines/${pipeline}/${place}`]),
    ...logOf(blocked?.runPageUrl),
    isAuthors
      ? `At fault is the pipeline or what it was given; nothing is lost.`
      : `At fault is the job or what it runs on; nothing is lost.`,
    retryAt === undefined
      ? "Correct the file and start again: the batch goes on from here."
      : `It is tried again at ${retryAt}, or at once with another definition\nor by npm run retry -- ${pipeline}.`,
    `npm run skip -- ${pipeline} ${batch} goes on without it.`,
  ].join("\n");
}

/** Locally the page of a job run is its log file. */
const logOf = (runPageUrl: string | undefined): string[] =>
  runPageUrl?.startsWith("file:") === true
    ? [`  log: ${fileURLToPath(runPageUrl)}`]
    : [];

/** The newest batches of a pipeline, the newest one first. */
export async function listBatches(
  clients: Clients,
  pipeline: string,
): Promise<readonly Batch[]> {
  const path = `/api/batches/${pipeline}`;
  return (await ask<{ batches: readonly Batch[] }>(clients, path)).batches;
}

/** Waits until a batch satisfies the condition; one that is blocked by the definition that is packaged now ends the wait. */
export async function waitForBatch(
  clients: Clients,
  definition: PackagedDefinition,
  isWanted: (batch: Batch) => boolean,
): Promise<Batch> {
  const { pipeline } = definition;
  for (;;) {
    const batches = await listBatches(clients, pipeline);
    const blocked = batches.find((batch) => isBlockedBy(batch, definition));
    if (blocked) throw new BatchBlocked(pipeline, blocked);
    const wanted = batches.find(isWanted);
    if (wanted) return wanted;
    await delay(POLL_MS);
  }
}
