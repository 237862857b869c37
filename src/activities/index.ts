import type { AppContext } from "../context.ts";
import { checkJobRun } from "./checkJobRun.ts";
import { finishBatch } from "./finishBatch.ts";
import { judgeJobRun } from "./judgeJobRun.ts";
import { planBatch } from "./planBatch.ts";
import { preparePublish } from "./preparePublish.ts";
import { publishShare } from "./publishShare.ts";
import { readPipelineStatus } from "./readPipelineStatus.ts";
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
    readPipelineStatus: bound(readPipelineStatus),
    planBatch: bound(planBatch),
    startJobRun: bound(startJobRun),
    checkJobRun: bound(checkJobRun),
    judgeJobRun: bound(judgeJobRun),
    preparePublish: bound(preparePublish),
    publishShare: bound(publishShare),
    finishBatch: bound(finishBatch),
  };
}

export type Activities = ReturnType<typeof createActivities>;
