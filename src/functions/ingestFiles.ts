import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { claimFile } from "../activities/claimFile.ts";
import { startWatchers } from "../activities/startWatchers.ts";
import { parseLandingEvent } from "../domain/landing.ts";
import type { Ports } from "../ports.ts";
import { fileRefused } from "../telemetry/events.ts";
import { logOf } from "../telemetry/log.ts";

/** Event Grid tells of dropped files through a storage queue: a pointer of a few bytes, never the file. */
export function registerIngestFiles(ports: Ports): void {
  app.storageQueue("ingestFiles", {
    connection: "Lake",
    queueName: "landing-events",
    extraInputs: [df.input.durableClient()],
    handler: async (message: unknown, context: InvocationContext) => {
      const log = logOf(context);
      const event = parseLandingEvent(message);
      if (event?.container !== ports.config.lake.container) {
        fileRefused(log, {
          path: event?.path ?? "",
          why: "the message names no file of the lake",
        });
        return;
      }
      const pipeline = await claimFile(ports, event, log);
      if (pipeline !== undefined)
        await startWatchers(ports, df.getClient(context), [pipeline], log);
    },
  });
}
