import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Clients } from "./clients.ts";

/** A batch, as the app's own API tells of it. */
export interface Run {
  readonly batch: number;
  readonly state: string;
  readonly blocked?: {
    /** The definition that it failed by: another one unblocks it. */
    definition: string;
    code: string;
    message: string;
    file?: string;
    line?: number;
    runPageUrl?: string;
    /** When it is tried again by itself. */
    retryAt?: string;
  };
  /** The digest of the definition that it was run by. */
  readonly definition: string;
  /** The last sequence number that it takes in, by hub, generation and partition. */
  readonly ends: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
  >;
  readonly seconds?: { readonly process: number; readonly publish: number };
}

/** Thrown when a batch is blocked: what Spark said, where in the author's file, and where the log lies. */
export class BatchBlocked extends Error {
  readonly whatToDo: string;

  constructor(pipeline: string, { batch, blocked }: Run) {
    const where =
      blocked?.file === undefined
        ? ""
        : `\n  pipelines/${pipeline}/${blocked.file}${blocked.line === undefined ? "" : `:${blocked.line}`}`;
    // Locally the page of a run is its log file.
    const log =
      blocked?.runPageUrl === undefined
        ? ""
        : `\n  log: ${fileURLToPath(blocked.runPageUrl)}`;
    super(
      `Batch ${batch} is blocked: ${blocked?.code ?? "unknown"}\n  ${blocked?.message ?? ""}${where}${log}`,
    );
    this.name = "BatchBlocked";
    this.whatToDo =
      blocked?.retryAt === undefined
        ? "Mend the file and start again: the batch goes on from here, nothing is lost."
        : `Nothing is lost. The batch is tried again at ${blocked.retryAt}, or at once with another definition.`;
  }
}

const POLL_MS = 200;

async function listRuns(
  clients: Clients,
  pipeline: string,
): Promise<readonly Run[] | { readonly refusal: string }> {
  const { status, body } = await clients.get(`/api/runs/${pipeline}`);
  if (status === 200) return (body as { runs: Run[] }).runs;
  return { refusal: `${status} ${JSON.stringify(body ?? "")}` };
}

/** An answer may fail once, while a service starts again; the same failure again and again is told. */
const MAX_REFUSALS = 25;

/** Waits until a batch satisfies the condition; one that is blocked by the definition that is packaged now ends the wait. */
export async function waitForRun(
  clients: Clients,
  pipeline: string,
  definition: string,
  isWanted: (run: Run) => boolean,
): Promise<Run> {
  for (let refusals = 0; ;) {
    const runs = await listRuns(clients, pipeline);
    if ("refusal" in runs) {
      refusals += 1;
      if (refusals >= MAX_REFUSALS)
        throw new Error(
          `The app does not list the runs of ${pipeline}: ${runs.refusal}`,
        );
      await delay(POLL_MS);
      continue;
    }
    refusals = 0;
    const blocked = runs.find(
      (run) =>
        run.state === "blocked" && run.blocked?.definition === definition,
    );
    if (blocked) throw new BatchBlocked(pipeline, blocked);
    const wanted = runs.find(isWanted);
    if (wanted) return wanted;
    await delay(POLL_MS);
  }
}
