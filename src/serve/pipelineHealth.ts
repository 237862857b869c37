/** How one pipeline is: what anybody may know, and what needs the key, since it names files or quotes what they hold. */
import type { Definition } from "../domain/definition.ts";
import { sumNotLanded } from "../domain/notLanded.ts";
import {
  batchPaths,
  inputStatusPath,
  planFailurePath,
  sweepReportPath,
} from "../domain/paths.ts";
import type {
  BlockedRecord,
  InputStatus,
  PlanFailure,
  SweepReport,
} from "../domain/records.ts";
import { rowsOfDefinition, type RecentRows } from "../domain/rows.ts";
import { without } from "../domain/without.ts";
import type { NewestBatch } from "../domain/waiting.ts";
import { AssayError } from "../errors.ts";
import { findNewestBatch } from "../ledger/batches.ts";
import { findDocument } from "../ledger/documents.ts";
import { readRecentRows } from "../ledger/recentRows.ts";
import type { AppContext } from "../context.ts";
import { remarksOf, type Remark } from "./remarks.ts";
import { sharesOf } from "./shares.ts";
import { readSinks } from "./sinks.ts";
import type { PipelineHealth } from "./views/health.ts";
import type { PipelineView, SinkView } from "./views/pipelines.ts";

export interface PipelineCheck {
  readonly health: PipelineHealth;
  /** What only whoever has the key is told, in place of the same of `health` or beside it. */
  readonly withKey?: Pick<PipelineView, "detail" | "remarks" | "files">;
  readonly recent?: RecentRows;
  readonly sinks?: Readonly<Record<string, SinkView>>;
}

/** The first thing that is wrong. */
interface Finding extends Pick<PipelineHealth, "state" | "detail"> {
  /** The detail for whoever has the key, where it is another. */
  readonly detailWithKey?: string;
}

/** A batch without an end, or at a sink, after this long keeps failing, or is one to look after. */
const OVERDUE_MINUTES = 60;

/** `firstAskedAt`: since when this process has been asked for health, in milliseconds. */
export async function checkPipeline(
  context: AppContext,
  definition: Definition,
  firstAskedAt: number,
): Promise<PipelineCheck> {
  const { lake } = context;
  const { pipeline } = definition;
  try {
    const [newest, seen, swept, sinks] = await Promise.all([
      findNewestBatch(context, pipeline),
      findDocument<InputStatus>(lake, inputStatusPath(pipeline)),
      findDocument<SweepReport>(lake, sweepReportPath(pipeline)),
      readSinks(context, definition),
    ]);
    const recent = rowsOfDefinition(
      await readRecentRows(lake, pipeline, newest, seen),
      definition,
    );
    const remarks = remarksOf(definition, recent, sinks);
    const now = context.now();
    const { state, detail, detailWithKey }: Finding =
      (await checkBatch(context, pipeline, newest?.state)) ??
      checkInput(definition, newest?.state, seen, now) ??
      checkSweep(swept, firstAskedAt, now) ??
      (await checkPlans(context, definition, newest?.state, seen, swept)) ??
      checkFiles(pipeline, swept) ??
      checkSinks(sinks) ??
      checkRows(pipeline, remarks);
    const states = Object.entries(sinks).map(
      ([name, { state: each, behind }]) =>
        [name, { state: each, behind }] as const,
    );
    return {
      health: {
        state,
        ...(detail === undefined ? {} : { detail }),
        ...(swept ? countsOf(swept) : {}),
        ...sharesOf(recent, sinks),
        sinks: Object.fromEntries(states),
      },
      withKey: {
        ...(detailWithKey === undefined ? {} : { detail: detailWithKey }),
        ...(remarks.length === 0
          ? {}
          : {
              remarks: remarks.map((remark) => without(remark, "publicText")),
            }),
        ...(swept ? filesOf(swept) : {}),
      },
      ...{ recent, sinks },
    };
  } catch (error) {
    // What failed may name addresses; the log of the watcher has it.
    if (!(error instanceof AssayError) || error.code !== "STATE_VERSION")
      return { health: { state: "unreachable" } };
    return { health: { state: "otherVersion", detail: error.whatToDo } };
  }
}

async function checkBatch(
  context: AppContext,
  pipeline: string,
  newest: NewestBatch | undefined,
): Promise<Finding | undefined> {
  if (newest?.state === "blocked")
    return {
      state: "blocked",
      detail: await describeBlock(context, pipeline, newest.batch),
    };
  if (newest?.state !== "unfinished") return undefined;
  const minutes = minutesSince(newest.createdAt, context.now());
  return minutes > OVERDUE_MINUTES
    ? {
        state: "unfinished",
        detail: `batch ${newest.batch} for ${minutes} minutes`,
      }
    : undefined;
}

/** What the watcher has seen, after the newest batch had ended. No stream is looked at. */
function checkInput(
  definition: Definition,
  newest: NewestBatch | undefined,
  seen: InputStatus | undefined,
  now: number,
): Finding | undefined {
  if (!seen || newest?.state === "unfinished") return undefined;
  const [gap] = seen.gaps;
  if (gap)
    return {
      state: "gap",
      detail: `${gap.stream} partition ${gap.partition}: ${gap.from} to ${gap.to} are not in bronze, and are waited for until ${gap.closesAt}`,
    };
  const { notLanded = [] } = seen;
  const at = new Date(now).toISOString();
  const { overdueEvents } = sumNotLanded(notLanded, definition, at);
  return overdueEvents === 0
    ? undefined
    : { state: "behind", detail: `${overdueEvents} events in the streams` };
}

/** Without the message: it may quote data. */
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
  firstAskedAt: number,
  now: number,
): Finding | undefined {
  const since = swept?.sweptAt ?? new Date(firstAskedAt).toISOString();
  const minutes = minutesSince(since, now);
  if (minutes > NOT_SWEPT_MINUTES)
    return {
      state: "notSwept",
      detail: `the function sweep has not ended for ${minutes} minutes`,
    };
  if (!swept || swept.failed.length === 0) return undefined;
  return {
    state: "notSwept",
    detail: `the sweep failed at its ${swept.failed.join(" and ")}: the lines sweep.failed of the log say why`,
  };
}

/** A look, the plan and what they wait for take no longer. */
const NOT_PLANNED_MINUTES = 10;

/** Whether a batch comes of what the sweep finds. What keeps it back is read only then. */
async function checkPlans(
  { lake, now }: AppContext,
  { pipeline, batching }: Definition,
  newest: NewestBatch | undefined,
  seen: InputStatus | undefined,
  swept: SweepReport | undefined,
): Promise<Finding | undefined> {
  const { after, since } = swept?.unplanned ?? {};
  if (since === undefined || after !== (newest?.batch ?? 0)) return undefined;
  const minutes = minutesSince(since, now());
  if (minutes <= NOT_PLANNED_MINUTES + batching.atMostSeconds / 60)
    return undefined;
  const what = `something waits for ${minutes} minutes, and no batch is planned`;
  if (seen?.isHeldUp)
    return {
      state: "notPlanned",
      detail: `${what}: a job run of batch ${after} has not ended`,
    };
  const failure = await findDocument<PlanFailure>(
    lake,
    planFailurePath(pipeline),
  );
  if (failure === undefined || failure.at < since)
    return {
      state: "notPlanned",
      detail: `${what}: the orchestration that does it neither fails nor gets on`,
    };
  const { activity, code, message, at } = failure;
  const failed = `${what}: ${activity} failed with ${code}, last at ${at}`;
  return {
    state: "notPlanned",
    detail: failed,
    detailWithKey: `${failed}: ${message}`,
  };
}

function checkFiles(
  pipeline: string,
  swept: SweepReport | undefined,
): Finding | undefined {
  const failed = swept?.files.find(({ hasFailed }) => hasFailed);
  return (
    failed && {
      state: "fileFailed",
      detail: `a dropped file could not be claimed: GET /api/pipelines/${pipeline} names it`,
      detailWithKey: `${failed.path}: ${failed.reason}`,
    }
  );
}

type Files = NonNullable<PipelineView["files"]>;

/** What waits in the landing folders for somebody to look after it, and what is set aside. */
function countsOf({
  files,
  moreFiles,
  setAside,
}: SweepReport): Pick<PipelineHealth, "files"> {
  const notTaken = files.length + moreFiles;
  return notTaken === 0 && setAside === 0
    ? {}
    : { files: { notTaken, setAside } };
}

/** The same with names. */
function filesOf(swept: SweepReport): Pick<PipelineView, "files"> {
  const { files } = countsOf(swept);
  if (files === undefined) return {};
  const {
    files: [first],
    lastSetAside: last,
  } = swept;
  const named: Files = {
    ...files,
    ...(first ? { first: { path: first.path, reason: first.reason } } : {}),
    ...(last ? { lastSetAside: { path: last.name, reason: last.reason } } : {}),
  };
  return { files: named };
}

/** A sink that is blocked or late holds nothing else up, so it is told late. */
function checkSinks(
  sinks: Readonly<Record<string, SinkView>>,
): Finding | undefined {
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
  if (!late) return undefined;
  const [name, { behind }] = late;
  return {
    state: "sinkBehind",
    detail: `${name}: ${behind.batches} batches, for ${Math.floor(behind.seconds / 60)} minutes`,
  };
}

/** Everything goes on, but too many rows do not arrive. */
function checkRows(pipeline: string, [first]: readonly Remark[]): Finding {
  return first
    ? {
        state: "degraded",
        detail: `${first.publicText}: GET /api/pipelines/${pipeline} says why`,
        detailWithKey: first.text,
      }
    : { state: "ok" };
}

const minutesSince = (time: string, now: number): number =>
  Math.floor((now - Date.parse(time)) / 60_000);
