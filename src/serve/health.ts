import type { Definition } from "../domain/definition.ts";
import {
  batchPaths,
  inputStatusPath,
  sweepReportPath,
} from "../domain/paths.ts";
import type {
  BlockedRecord,
  InputStatus,
  SweepReport,
} from "../domain/records.ts";
import { isBehind } from "../domain/waiting.ts";
import { AssayError } from "../errors.ts";
import { defineCache } from "../ledger/caches.ts";
import { findNewestBatch } from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { findDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import { readSinks } from "./sinks.ts";
import type { Health, PipelineHealth } from "./views/health.ts";
import type { SinkView } from "./views/pipelines.ts";

/** Anyone may ask: an answer stands for this long, however often it is asked for. */
const STANDS_MS = 10_000;

/** A batch without an end, or at a sink, after this long keeps failing, or is one to look after. */
const OVERDUE_MINUTES = 60;

const lastCheck = defineCache(() => ({
  askedAt: -Infinity,
  answer: undefined as Promise<Health> | undefined,
}));

/** Costs, once in ten seconds, a dozen reads a pipeline and three a sink, whatever waits. */
export function readHealth(context: AppContext): Promise<Health> {
  const last = lastCheck(context);
  if (!last.answer || context.now() - last.askedAt >= STANDS_MS) {
    last.askedAt = context.now();
    last.answer = checkHealth(context);
  }
  return last.answer;
}

async function checkHealth(context: AppContext): Promise<Health> {
  const { definitions, disabled } = context.pipelines;
  const checked = await Promise.all(
    [...definitions.keys()].map(
      async (pipeline) =>
        [pipeline, await checkPipeline(context, pipeline)] as const,
    ),
  );
  const broken = [...disabled].map(
    ([pipeline, detail]) => [pipeline, { state: "disabled", detail }] as const,
  );
  const pipelines = Object.fromEntries<PipelineHealth>([...checked, ...broken]);
  const status = statusOf(Object.values(pipelines));
  const { mistakes } = context.config;
  if (mistakes.length === 0) return { status, pipelines };
  return {
    status: status === "ok" ? "degraded" : status,
    settings: mistakes,
    pipelines,
  };
}

const CANNOT_WORK: readonly PipelineHealth["state"][] = [
  "unreachable",
  "otherVersion",
  "disabled",
];

function statusOf(pipelines: readonly PipelineHealth[]): Health["status"] {
  if (pipelines.every(({ state }) => state === "ok")) return "ok";
  const isDown = pipelines.every(({ state }) => CANNOT_WORK.includes(state));
  return isDown ? "down" : "degraded";
}

async function checkPipeline(
  context: AppContext,
  pipeline: string,
): Promise<PipelineHealth> {
  try {
    const definition = needDefinition(context.pipelines, pipeline);
    const [input, swept, sinks] = await Promise.all([
      checkInput(context, definition),
      findDocument<SweepReport>(context.lake, sweepReportPath(pipeline)),
      readSinks(context, definition),
    ]);
    const states = Object.entries(sinks).map(
      ([name, { state, behind }]) => [name, { state, behind }] as const,
    );
    return {
      ...(checkSweep(swept, context.now()) ??
        input ??
        checkFiles(swept) ??
        checkSinks(sinks)),
      ...(swept ? filesOf(swept) : {}),
      sinks: Object.fromEntries(states),
    };
  } catch (error) {
    // What failed may name addresses; the log of the watcher has it.
    if (!(error instanceof AssayError) || error.code !== "STATE_VERSION")
      return { state: "unreachable" };
    return { state: "otherVersion", detail: error.whatToDo };
  }
}

/** What is wrong up to the end of the newest batch. It reads what the watcher has seen, and looks at no stream. */
async function checkInput(
  context: AppContext,
  { pipeline, batching }: Definition,
): Promise<PipelineHealth | undefined> {
  const { lake, now } = context;
  const newest = (await findNewestBatch(context, pipeline))?.state;
  if (newest?.state === "blocked")
    return {
      state: "blocked",
      detail: await describeBlock(context, pipeline, newest.batch),
    };
  if (newest?.state === "unfinished") {
    const minutes = minutesSince(newest.createdAt, now());
    return minutes > OVERDUE_MINUTES
      ? {
          state: "unfinished",
          detail: `batch ${newest.batch} for ${minutes} minutes`,
        }
      : undefined;
  }
  const seen = await findDocument<InputStatus>(lake, inputStatusPath(pipeline));
  const [gap] = seen?.gaps ?? [];
  if (gap)
    return {
      state: "gap",
      detail: `${gap.stream} partition ${gap.partition}: ${gap.from} to ${gap.to} are not in bronze, and are waited for until ${gap.closesAt}`,
    };
  const at = new Date(now()).toISOString();
  const waiting = { events: seen?.waitingEvents ?? 0, files: 0 };
  if (seen && isBehind({ ...seen, at, waiting, batching }))
    return {
      state: "behind",
      detail: `${seen.notLandedEvents} events in the streams`,
    };
  return undefined;
}

/** Without the message: anybody may ask for health, and a message may quote data. */
async function describeBlock(
  { lake }: AppContext,
  pipeline: string,
  batch: number,
): Promise<string> {
  const path = batchPaths(pipeline, batch).blocked;
  const blocked = await findDocument<BlockedRecord>(lake, path);
  if (!blocked) return `batch ${batch}`;
  const { code, file, line, retryAt } = blocked;
  const place =
    file === undefined
      ? ""
      : ` in ${[file, line].filter((part) => part !== undefined).join(":")}`;
  const again =
    retryAt === undefined
      ? "a mended definition frees it"
      : `tried again at ${retryAt}`;
  return `batch ${batch}: ${code}${place}; ${again}, or npm run retry, or npm run skip`;
}

/** The sweep runs once a minute. */
const NOT_SWEPT_MINUTES = 10;

/** Whether the timer runs that guarantees everything else, and reaches what it asks. */
function checkSweep(
  swept: SweepReport | undefined,
  now: number,
): PipelineHealth | undefined {
  if (!swept) return undefined;
  if (swept.failed.length > 0)
    return {
      state: "unreachable",
      detail: `the sweep failed at its ${swept.failed.join(" and ")}: the lines sweep.failed of the log say why`,
    };
  const minutes = minutesSince(swept.sweptAt, now);
  if (minutes > NOT_SWEPT_MINUTES)
    return {
      state: "notSwept",
      detail: `the function sweep has not ended for ${minutes} minutes`,
    };
  return undefined;
}

const checkFiles = (
  swept: SweepReport | undefined,
): PipelineHealth | undefined => {
  const failed = swept?.files.find(({ hasFailed }) => hasFailed);
  return (
    failed && {
      state: "fileFailed",
      detail: `${failed.path}: ${failed.reason}`,
    }
  );
};

/** What waits in the landing folders for somebody to look after it, and what is set aside. */
function filesOf({
  files,
  moreFiles,
  setAside,
  lastSetAside,
}: SweepReport): Pick<PipelineHealth, "files"> {
  const notTaken = files.length + moreFiles;
  const [first] = files;
  if (notTaken === 0 && setAside === 0) return {};
  return {
    files: {
      notTaken,
      setAside,
      ...(first ? { first: { path: first.path, reason: first.reason } } : {}),
      ...(lastSetAside
        ? {
            lastSetAside: {
              path: lastSetAside.name,
              reason: lastSetAside.reason,
            },
          }
        : {}),
    },
  };
}

/** A sink that is blocked or late holds nothing else up, so it is told last. */
function checkSinks(sinks: Readonly<Record<string, SinkView>>): PipelineHealth {
  const named = Object.entries(sinks);
  const blocked = named.find(([, { state }]) => state === "blocked");
  if (blocked) {
    const [name, { blocked: why }] = blocked;
    return {
      state: "sinkBlocked",
      detail: `${name}: ${why?.code ?? "unknown"}, tried again at ${why?.retryAt ?? "once"}`,
    };
  }
  const late = named.find(
    ([, { behind }]) => behind.seconds > OVERDUE_MINUTES * 60,
  );
  if (late) {
    const [name, { behind }] = late;
    return {
      state: "sinkBehind",
      detail: `${name}: ${behind.batches} batches, for ${Math.floor(behind.seconds / 60)} minutes`,
    };
  }
  return { state: "ok" };
}

const minutesSince = (time: string, now: number): number =>
  Math.floor((now - Date.parse(time)) / 60_000);
