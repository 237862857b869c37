import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { landEvents } from "../ingest/landEvents.ts";
import { startWatchers } from "../ingest/startWatchers.ts";
import type { Hub } from "../pipelines/load.ts";
import type { AppContext } from "../context.ts";
import { logOf } from "../telemetry/log.ts";

/** One function a hub: several pipelines may read what it lands. */
export function registerIngestEvents(
  appContext: AppContext,
  hub: string,
  { consumerGroup, pipelines }: Hub,
): void {
  const options = {
    connection: "EventHubs",
    eventHubName: hub,
    consumerGroup,
    cardinality: "many" as const,
    // Bodies are bytes: text is guessed at by the host and the library. The library's types do not know this option.
    dataType: "binary",
    extraInputs: [df.input.durableClient()],
    // Endless: the host moves its checkpoint past a batch whose retries have ended, and it would be lost.
    retry: {
      strategy: "exponentialBackoff" as const,
      maxRetryCount: -1,
      minimumInterval: { seconds: 1 },
      maximumInterval: { minutes: 1 },
    },
    handler: async (bodies: unknown, invocation: InvocationContext) => {
      const context = { ...appContext, log: logOf(invocation) };
      const metadata = invocation.triggerMetadata ?? {};
      await landEvents(context, { hub, bodies: bodies as Buffer[], metadata });
      await startWatchers(context, df.getClient(invocation), pipelines);
    },
  };
  app.eventHub(`ingestEvents-${hub}`, options);
}
