import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { claimFile } from "../ingest/claimFile.ts";
import { startWatchers } from "../ingest/startWatchers.ts";
import { landingFolder } from "../domain/paths.ts";
import type { AppContext } from "../context.ts";
import { logOf } from "../telemetry/log.ts";

/** A blob trigger for a source that asks for one. The host hands the whole file over: for small files only. */
export function registerIngestFile(
  appContext: AppContext,
  pipeline: string,
  source: string,
  folder: string,
): void {
  app.storageBlob(`ingestFile-${pipeline}-${source}`, {
    connection: "Lake",
    path: `%LAKE_CONTAINER%/${landingFolder(folder)}/{name}`,
    source: "EventGrid",
    extraInputs: [df.input.durableClient()],
    handler: async (_content: unknown, invocation: InvocationContext) => {
      const context = { ...appContext, log: logOf(invocation) };
      // `container/path`; the {name} of the pattern may arrive as a number.
      const path = String(invocation.triggerMetadata?.["blobTrigger"])
        .split("/")
        .slice(1)
        .join("/");
      if ((await claimFile(context, { path })) === undefined) return;
      await startWatchers(context, df.getClient(invocation), [pipeline]);
    },
  });
}
