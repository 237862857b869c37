import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { AppContext } from "../context.ts";
import { purgeHistory } from "../process/purgeHistory.ts";
import { logOf } from "../telemetry/log.ts";

/**
 * Once an hour a process looks whether a day is over since its last purge. No setting: a purge that somebody forgot to
 * configure would never run.
 */
const HOURLY = "0 7 * * * *";

/** Removes old histories. It may take minutes where there are many: the sweep does not wait for it. */
export function registerPurge(appContext: AppContext): void {
  app.timer("purge", {
    schedule: HOURLY,
    extraInputs: [df.input.durableClient()],
    handler: async (_timer: unknown, invocation: InvocationContext) => {
      const context = { ...appContext, log: logOf(invocation) };
      await purgeHistory(context, df.getClient(invocation));
    },
  });
}
