import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { planFailurePath } from "../../domain/paths.ts";
import type {
  InputStatus,
  PlanFailure,
  SweepReport,
} from "../../domain/records.ts";
import { findStatus } from "../../ledger/documents.ts";
import { minutesSince, type Finding } from "./finding.ts";

/** A look, the plan and what they wait for take no longer. */
const NOT_PLANNED_MINUTES = 10;

export interface Noted {
  readonly newestBatch: number;
  readonly seen: InputStatus | undefined;
  readonly swept: SweepReport | undefined;
}

/** Whether a batch comes of what the sweep finds. What keeps it back is read only where none does. */
export async function checkPlans(
  { lake, now }: AppContext,
  { pipeline, batching }: Definition,
  { newestBatch, seen, swept }: Noted,
): Promise<Finding | undefined> {
  const { after, since } = swept?.unplanned ?? {};
  if (since === undefined || after !== newestBatch) return undefined;
  const minutes = minutesSince(since, now());
  if (minutes <= NOT_PLANNED_MINUTES + batching.atMostSeconds / 60)
    return undefined;
  const notPlanned = (why: string, message?: string): Finding => {
    const detail = `something waits for ${minutes} minutes, and no batch is planned: ${why}`;
    if (message === undefined) return { state: "notPlanned", detail };
    const detailWithKey = `${detail}: ${message}`;
    return { state: "notPlanned", detail, detailWithKey };
  };
  const path = planFailurePath(pipeline);
  const failure = await findStatus<PlanFailure>(lake, path);
  const isOfNow =
    seen !== undefined && seen.at >= since && seen.at > (failure?.at ?? "");
  if (isOfNow && seen.newestBatch === after && seen.hasActiveRun)
    return notPlanned(`a job run of batch ${after} has not ended`);
  if (failure === undefined || failure.at < since)
    return notPlanned(
      `the orchestration watch-${pipeline} neither fails nor gets on; terminate it, and the sweep starts it anew`,
    );
  const { activity, code, message, at } = failure;
  return notPlanned(`${activity} failed with ${code}, last at ${at}`, message);
}
