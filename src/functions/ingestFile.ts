import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { claimFile } from "../activities/claimFile.ts";
import { startWatchers } from "../activities/startWatchers.ts";
import { landingFolder } from "../domain/paths.ts";
import type { Ports } from "../ports.ts";
import { logOf } from "../telemetry/log.ts";

/** A blob trigger for a source that asks for one. The host hands the whole file over: for small files only. */
export function registerIngestFile(
  ports: Ports,
  pipeline: string,
  source: string,
  folder: string,
): void {
  app.storageBlob(`ingestFile-${pipeline}-${source}`, {
    connection: "Lake",
    path: `%LAKE_CONTAINER%/${landingFolder(folder)}/{name}`,
    source: "EventGrid",
    extraInputs: [df.input.durableClient()],
    handler: async (_content: unknown, context: InvocationContext) => {
      const log = logOf(context);
      // `container/path`; the {name} of the pattern may arrive as a number.
      const path = String(context.triggerMetadata?.["blobTrigger"])
        .split("/")
        .slice(1)
        .join("/");
      if ((await claimFile(ports, { path }, log)) === undefined) return;
      await startWatchers(ports, df.getClient(context), [pipeline], log);
    },
  });
}
