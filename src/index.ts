/** The app on one page: every trigger, orchestrator and activity. */
import { fileURLToPath } from "node:url";
import * as df from "durable-functions";
import { createActivities, type Activities } from "./activities/index.ts";
import { readConfig } from "./config.ts";
import { registerGetHealth } from "./functions/getHealth.ts";
import { registerGetInsight } from "./functions/getInsight.ts";
import { registerGetRuns } from "./functions/getRuns.ts";
import { registerIngest } from "./functions/ingest.ts";
import { registerSweep } from "./functions/sweep.ts";
import { databricksRun } from "./orchestrators/databricksRun.ts";
import { watch } from "./orchestrators/watch.ts";
import { loadPipelines } from "./pipelines/load.ts";
import { createContext } from "./context.ts";
import { logOf } from "./telemetry/log.ts";

// The bundle lies in dist/, beside the compiled pipelines.
const pipelines = loadPipelines(
  fileURLToPath(new URL("../pipelines", import.meta.url)),
);
const context = createContext(readConfig(), pipelines);

registerIngest(context);
registerSweep(context);
registerGetInsight(context);
registerGetRuns(context);
registerGetHealth(context);

df.app.orchestration("watch", watch);
df.app.orchestration("databricksRun", databricksRun);

for (const name of Object.keys(
  createActivities(context),
) as (keyof Activities)[])
  df.app.activity(name, {
    // An orchestrator's typed call made the input.
    handler: (input, invocation) =>
      createActivities({ ...context, log: logOf(invocation) })[name](
        input as never,
      ),
  });
