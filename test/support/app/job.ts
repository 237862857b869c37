import { batchPaths } from "../../../src/domain/paths.ts";
import type { Change } from "../../../src/domain/documents.ts";
import type {
  DefinitionOverride,
  Manifest,
} from "../../../src/domain/records.ts";
import type { World } from "./world.ts";

export interface JobOptions {
  readonly seconds?: number;
  readonly changes?: readonly Change[];
  /** Attempts that end without a result. */
  readonly failing?: readonly number[];
  /** Attempts that end on what the author wrote. */
  readonly mistaken?: readonly number[];
}

export const aChange = (day: string): Change => ({
  op: "upsert",
  key: ["ORD", day],
  value: { airport: "ORD", day, flights: 3 },
});

/** Plays the job: a run ends after some seconds of the world's time, and leaves what the real one leaves. */
export function playJob(
  world: World,
  { seconds = 6, changes = [], failing = [], mistaken = [] }: JobOptions = {},
): void {
  const endsAt = new Map<number, number>();
  const start = world.jobs.start.bind(world.jobs);
  world.jobs.start = async (token, parameters) => {
    const runId = await start(token, parameters);
    if (!endsAt.has(runId)) endsAt.set(runId, world.now() + seconds * 1000);
    return runId;
  };
  world.jobs.ending = (runId) => {
    if (world.now() < (endsAt.get(runId) ?? 0)) return { hasEnded: false };
    const { batch, attempt } = world.jobs.parameters[runId - 1] ?? {};
    const paths = batchPaths("flights", Number(batch));
    const number = Number(attempt);
    const isMistaken = mistaken.includes(number);
    const hasSucceeded = !isMistaken && !failing.includes(number);
    if (isMistaken)
      world.lake.put(paths.failure(number), {
        version: 1,
        attempt: number,
        condition: "UNRESOLVED_COLUMN",
        message: "There is no column dely.",
        file: "gold/airport_delays.sql",
        line: 7,
      });
    if (hasSucceeded) writeResult(world, Number(batch), number, changes);
    return {
      hasEnded: true,
      runId,
      hasSucceeded,
      fault: "code",
      message: hasSucceeded ? "" : "Workload failed.",
      runPageUrl: `https://run/${runId}`,
      seconds,
    };
  };
}

function writeResult(
  world: World,
  batch: number,
  attempt: number,
  changes: readonly Change[],
): void {
  const path = `_assay/pipelines/flights/batches/${batch}/changes/airport_delays/part-0.json`;
  world.lake.drop(
    path,
    changes.map((change) => `${JSON.stringify(change)}\n`).join(""),
  );
  const paths = batchPaths("flights", batch);
  const { definition } = (world.lake.json(paths.definition) ??
    world.lake.json(paths.manifest)) as Manifest | DefinitionOverride;
  const rows = changes.length;
  const table = { rows, inserted: rows, updated: 0, deleted: 0 };
  world.lake.put(paths.process, {
    version: 1,
    pipeline: "flights",
    batch,
    definition,
    attempt,
    sources: {},
    gold: {
      airport_delays: {
        ...table,
        changes: rows === 0 ? [] : [{ path, rows }],
      },
    },
    seconds: { start: 0, silver: 3, gold: 3 },
  });
}
