import type { Ports } from "../ports.ts";
import type { Log } from "../telemetry/events.ts";
import { checkJobRun } from "./checkJobRun.ts";
import { finishBatch } from "./finishBatch.ts";
import { judgeJobRun } from "./judgeJobRun.ts";
import { planBatch } from "./planBatch.ts";
import { preparePublish } from "./preparePublish.ts";
import { publishShare } from "./publishShare.ts";
import { startJobRun } from "./startJobRun.ts";
import { surveyPipeline } from "./surveyPipeline.ts";

/** Every activity that Durable Functions schedules. Each is safe to run twice; inputs and outputs are small JSON. */
export const activities = {
  surveyPipeline,
  planBatch,
  startJobRun,
  checkJobRun,
  judgeJobRun,
  preparePublish,
  publishShare,
  finishBatch,
};

export type Activities = typeof activities;

/** An activity as it is registered: its input alone, the ports bound. */
export type BoundActivity = (input: never, log: Log) => Promise<unknown>;

export const bindActivities = (ports: Ports): Record<string, BoundActivity> =>
  Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      (input: never, log: Log) =>
        (
          activity as (ports: Ports, input: never, log: Log) => Promise<unknown>
        )(ports, input, log),
    ]),
  );
