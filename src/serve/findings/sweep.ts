/** What the sweep left to be seen: whether it runs, what nobody plans, and which files it could not take. */
import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { planFailurePath } from "../../domain/paths.ts";
import type {
  InputStatus,
  PlanFailure,
  SweepReport,
} from "../../domain/records.ts";
import type { NewestBatch } from "../../domain/waiting.ts";
import { findDocument } from "../../ledger/documents.ts";
import { minutesSince, type Finding } from "./finding.ts";

/** The sweep runs once a minute. */
const NOT_SWEPT_MINUTES = 10;

/** Whether the timer runs that guarantees everything else, and reaches what it asks. */
export function checkSweep(
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
export async function checkPlans(
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

export function checkFiles(
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
