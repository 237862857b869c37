/** The app on one page: where triggers, routes, orchestrators and activities are registered. Each has a list of its own. */
import { fileURLToPath } from "node:url";
import type { InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import {
  createActivities,
  isGivenClient,
  runActivity,
  type ActivityInputs,
  type ActivityName,
} from "./activities/index.ts";
import { readConfig } from "./config.ts";
import { createContext } from "./context.ts";
import { registerApi } from "./functions/api/index.ts";
import { registerIngest } from "./functions/ingest.ts";
import { registerPurge } from "./functions/purge.ts";
import { registerSweep } from "./functions/sweep.ts";
import { databricksRun } from "./orchestrators/databricksRun.ts";
import { createDeliver } from "./orchestrators/deliver.ts";
import { watch } from "./orchestrators/watch.ts";
import { loadPipelines } from "./pipelines/load.ts";
import { sinkKinds } from "./sinks/index.ts";
import { logOf } from "./telemetry/log.ts";

// The bundle lies in dist/, beside the compiled pipelines.
const pipelines = loadPipelines(
  fileURLToPath(new URL("../pipelines", import.meta.url)),
);
const appContext = createContext(readConfig(), pipelines);

registerIngest(appContext);
registerSweep(appContext);
registerPurge(appContext);
registerApi(
  appContext,
  fileURLToPath(new URL("../openapi.json", import.meta.url)),
);

df.app.orchestration("watch", watch);
df.app.orchestration("databricksRun", databricksRun);
df.app.orchestration("deliver", createDeliver(sinkKinds));

for (const name of Object.keys(createActivities(appContext)) as ActivityName[])
  registerActivity(name);

function registerActivity(name: ActivityName): void {
  const takesClient = isGivenClient(name);
  df.app.activity(name, {
    ...(takesClient ? { extraInputs: [df.input.durableClient()] } : {}),
    handler: (
      input: ActivityInputs[ActivityName],
      invocation: InvocationContext,
    ) => {
      const context = {
        ...appContext,
        log: logOf(invocation),
        ...(takesClient ? { durable: df.getClient(invocation) } : {}),
      };
      return runActivity(context, name, input);
    },
  });
}
