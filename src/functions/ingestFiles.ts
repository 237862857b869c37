import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { claimFile } from "../ingest/claimFile.ts";
import { startWatchers } from "../ingest/startWatchers.ts";
import { parseLandingEvent } from "../domain/landing.ts";
import type { AppContext } from "../context.ts";
import { fileRefused } from "../telemetry/events.ts";
import { logOf } from "../telemetry/log.ts";

/** Event Grid tells of dropped files through a storage queue: a pointer of a few bytes, never the file. */
export function registerIngestFiles(appContext: AppContext): void {
  app.storageQueue("ingestFiles", {
    connection: "Lake",
    queueName: "landing-events",
    extraInputs: [df.input.durableClient()],
    handler: async (message: unknown, invocation: InvocationContext) => {
      const context = { ...appContext, log: logOf(invocation) };
      const event = parseLandingEvent(message);
      if (event?.container !== context.config.lake.container) {
        fileRefused(context.log, {
          path: event?.path ?? "",
          why: "the message names no file of the lake",
        });
        return;
      }
      const pipeline = await claimFile(context, event);
      if (pipeline !== undefined)
        await startWatchers(context, df.getClient(invocation), [pipeline]);
    },
  });
}
