import type { Definition } from "../../../src/domain/definition.ts";
import type { Line } from "../../../src/domain/documents.ts";
import { batchPaths, definitionPath } from "../../../src/domain/paths.ts";
import type {
  DefinitionOverride,
  FailureRecord,
  Manifest,
  ProcessRecord,
} from "../../../src/domain/records.ts";
import { checkDocument } from "./documentCheck.ts";
import type { World } from "./world.ts";

export interface JobOptions {
  readonly seconds?: number;
  /** Of the table airport_delays. */
  readonly changes?: readonly Line[];
  /** Attempts that end without a result. */
  readonly failing?: readonly number[];
  /** Attempts that end on what the author wrote. */
  readonly mistaken?: readonly number[];
}

export const aChange = (day: string): Line => ({
  op: "upsert",
  key: ["ORD", day],
  isNew: true,
  value: JSON.stringify({ airport: "ORD", day, flights: 3 }),
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
    if (runId !== undefined && !endsAt.has(runId))
      endsAt.set(runId, world.now() + seconds * 1000);
    return runId;
  };
  world.jobs.ending = (runId) => {
    if (world.now() < (endsAt.get(runId) ?? 0)) return { hasEnded: false };
    const { batch, attempt } = world.jobs.parameters[runId - 1] ?? {};
    const number = Number(attempt);
    const isMistaken = mistaken.includes(number);
    const hasSucceeded = !isMistaken && !failing.includes(number);
    if (isMistaken) writeFailure(world, Number(batch), number);
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

function writeFailure(world: World, batch: number, attempt: number): void {
  const failure: FailureRecord = {
    version: 3,
    attempt,
    step: "gold",
    condition: "UNRESOLVED_COLUMN",
    message: "There is no column dely.",
    file: "gold/airport_delays.sql",
    line: 7,
  };
  put(world, batchPaths("flights", batch).failure(attempt), failure);
}

/** Writes the end of a batch as attempt `attempt` does, where no other attempt has. */
export function writeResult(
  world: World,
  batch: number,
  attempt: number,
  lines: readonly Line[],
): void {
  const paths = batchPaths("flights", batch);
  if (world.lake.files.has(paths.process)) return;
  const path = `${paths.work}/${attempt}-00000001/changes/airport_delays/part-00000.json`;
  const rows = lines.length;
  if (rows > 0)
    world.lake.drop(
      path,
      lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
  const manifest = world.lake.json(paths.manifest) as Manifest;
  const override = world.lake.json(
    paths.definition,
  ) as DefinitionOverride | null;
  const digest = override?.definition ?? manifest.definition;
  const definition = world.lake.json(
    definitionPath("flights", digest),
  ) as Definition;
  const process: ProcessRecord = {
    version: 3,
    pipeline: "flights",
    incarnation: manifest.incarnation,
    batch,
    definition: digest,
    sources: {},
    newestEventAt: {},
    tables: Object.fromEntries(
      Object.entries(definition.gold).map(([table, { key }]) => {
        const changed = table === "airport_delays" ? rows : 0;
        const changes = changed === 0 ? [] : [{ path, rows: changed }];
        return [
          table,
          {
            key,
            rows: changed,
            inserted: changed,
            updated: 0,
            deleted: 0,
            refused: {},
            changes,
            ...(batch === 1 ? { snapshot: changes } : {}),
          },
        ];
      }),
    ),
    sinks: Object.fromEntries(
      Object.entries(definition.sinks).map(([sink, { tables }]) => {
        const mode = batch === 1 ? "snapshot" : "changes";
        const modes = tables.map((table) => [table, mode] as const);
        return [sink, { tables: Object.fromEntries(modes) }];
      }),
    ),
  };
  put(world, paths.process, process);
}

function put(world: World, path: string, document: object): void {
  checkDocument(path, JSON.stringify(document));
  world.lake.put(path, document);
}
