import type { AppContext } from "../context.ts";
import { sinkActivities } from "../sinks/index.ts";
import { checkJobRun } from "./checkJobRun.ts";
import { judgeJobRun } from "./judgeJobRun.ts";
import { planBatch } from "./planBatch.ts";
import { readPipelineStatus } from "../process/pipelineStatus.ts";
import { notingPlanFailure } from "../process/planFailures.ts";
import { startJobRun } from "./startJobRun.ts";

/** Every activity that Durable Functions schedules. Each is safe to run twice; inputs and outputs are small JSON. */
export function createActivities(context: AppContext) {
  const bound =
    <Input, Output>(
      activity: (context: AppContext, input: Input) => Promise<Output>,
    ) =>
    (input: Input): Promise<Output> =>
      activity(context, input);
  return {
    readPipelineStatus: bound(
      notingPlanFailure("readPipelineStatus", readPipelineStatus),
    ),
    planBatch: bound(notingPlanFailure("planBatch", planBatch)),
    startJobRun: bound(startJobRun),
    checkJobRun: bound(checkJobRun),
    judgeJobRun: bound(judgeJobRun),
    ...sinkActivities(context),
  };
}

export type Activities = ReturnType<typeof createActivities>;
export type ActivityName = keyof Activities;
export type ActivityInputs = {
  readonly [Name in ActivityName]: Parameters<Activities[Name]>[0];
};

/** Runs one of them, by its name and with the input that an orchestrator's typed call made. */
export function runActivity<Name extends ActivityName>(
  context: AppContext,
  name: Name,
  input: ActivityInputs[Name],
): Promise<unknown> {
  const activities: {
    readonly [Each in ActivityName]: (
      input: ActivityInputs[Each],
    ) => Promise<unknown>;
  } = createActivities(context);
  return activities[name](input);
}

/** Those that start orchestrations: they are given a durable client as an extra input. */
const GIVEN_A_CLIENT: ReadonlySet<string> = new Set<ActivityName>([
  "startDeliveries",
]);

export const isGivenClient = (name: ActivityName): boolean =>
  GIVEN_A_CLIENT.has(name);
