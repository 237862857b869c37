import { app, trigger, type InvocationContext } from "@azure/functions";
import extensions from "@azure/functions-extensions-base";
import * as df from "durable-functions";
import type { AppContext } from "../context.ts";
import { startWatchers } from "../ingest/startWatchers.ts";
import { sourceKinds } from "../sources/index.ts";
import type { SourceTrigger } from "../sources/kind.ts";
import { logOf } from "../telemetry/log.ts";

/** The extension's name of what it binds in place of an event's body: the whole message. */
const MESSAGE = "AzureEventHubsEventData";

/** The triggers of all kinds of sources. */
export function registerIngest(context: AppContext): void {
  const resolver = extensions.ResourceFactoryResolver.getInstance();
  // The library makes an SDK's object of a message: ours is the message itself.
  if (!resolver.hasResourceFactory(MESSAGE))
    resolver.registerResourceFactory(MESSAGE, (messages) => messages);
  for (const kind of sourceKinds)
    for (const each of kind.triggers(context.pipelines))
      registerTrigger(context, each);
}

const ENDLESS = {
  strategy: "exponentialBackoff",
  maxRetryCount: -1,
  minimumInterval: { seconds: 1 },
  maximumInterval: { minutes: 1 },
} as const;

const registerTrigger = (
  appContext: AppContext,
  source: SourceTrigger,
): void => {
  app.generic(source.name, {
    trigger: trigger.generic({ ...source.binding }),
    extraInputs: [df.input.durableClient()],
    ...(source.retriesForEver ? { retry: ENDLESS } : {}),
    handler: async (input: unknown, invocation: InvocationContext) => {
      const context = { ...appContext, log: logOf(invocation) };
      const metadata = invocation.triggerMetadata ?? {};
      const pipelines = await source.take(context, { input, metadata });
      // Making a client costs as much as two hundred events, and most deliveries start nothing.
      const durable: Pick<df.DurableClient, "startNew"> = {
        startNew: (...args) => df.getClient(invocation).startNew(...args),
      };
      await startWatchers(context, durable, pipelines);
    },
  });
};
