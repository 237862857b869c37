/** How one pipeline is: what anybody may know, and what needs the key, since it names files or quotes what they hold. */
import type { Definition } from "../domain/definition.ts";
import { inputStatusPath, sweepReportPath } from "../domain/paths.ts";
import type { InputStatus, SweepReport } from "../domain/records.ts";
import { rowsOfDefinition, type RecentRows } from "../domain/rows.ts";
import { without } from "../domain/without.ts";
import { AssayError } from "../errors.ts";
import { findNewestBatch } from "../ledger/batches.ts";
import { findStatus } from "../ledger/documents.ts";
import { readRecentRows } from "../ledger/recentRows.ts";
import type { AppContext } from "../context.ts";
import { checkBatch } from "./findings/batch.ts";
import { checkFiles } from "./findings/files.ts";
import type { Finding } from "./findings/finding.ts";
import { checkInput } from "./findings/input.ts";
import { checkPlans } from "./findings/plans.ts";
import { checkRows } from "./findings/rows.ts";
import { checkSinks } from "./findings/sinks.ts";
import { checkSweep } from "./findings/sweep.ts";
import { remarksOf } from "./remarks.ts";
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
      findStatus<InputStatus>(lake, inputStatusPath(pipeline)),
      findStatus<SweepReport>(lake, sweepReportPath(pipeline)),
      readSinks(context, definition),
    ]);
    const recent = rowsOfDefinition(
      await readRecentRows(lake, pipeline, newest, seen),
      definition,
    );
    const remarks = remarksOf(definition, recent, sinks);
    const now = context.now();
    const { state, detail, detailWithKey }: Finding = (await checkBatch(
      context,
      pipeline,
      newest,
    )) ??
      checkInput(definition, newest?.state, seen, now) ??
      checkSweep(swept, firstAskedAt, now) ??
      (await checkPlans(context, definition, {
        newestBatch: newest?.state.batch ?? 0,
        seen,
        swept,
      })) ??
      checkFiles(pipeline, swept) ??
      checkSinks(sinks, now) ??
      checkRows(pipeline, remarks) ?? { state: "ok" };
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
