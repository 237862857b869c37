/** The app on one page: every trigger, orchestrator and activity. */
import { fileURLToPath } from "node:url";
import * as df from "durable-functions";
import { bindActivities } from "./activities/index.ts";
import { readConfig } from "./config.ts";
import { fileSources } from "./domain/definition.ts";
import { registerGetHealth } from "./functions/getHealth.ts";
import { registerGetInsight } from "./functions/getInsight.ts";
import { registerGetRuns } from "./functions/getRuns.ts";
import { registerIngestEvents } from "./functions/ingestEvents.ts";
import { registerIngestFile } from "./functions/ingestFile.ts";
import { registerIngestFiles } from "./functions/ingestFiles.ts";
import { registerSweep } from "./functions/sweep.ts";
import { databricksRun } from "./orchestrators/databricksRun.ts";
import { watch } from "./orchestrators/watch.ts";
import { loadPipelines } from "./pipelines/load.ts";
import { openPorts } from "./ports.ts";
import { logOf } from "./telemetry/log.ts";

// The bundle lies in dist/, beside the compiled pipelines.
const pipelines = loadPipelines(
  fileURLToPath(new URL("../pipelines", import.meta.url)),
);
const ports = openPorts(readConfig(), pipelines);

for (const [hub, readers] of pipelines.hubs)
  registerIngestEvents(ports, hub, readers);
registerIngestFiles(ports);
for (const [pipeline, definition] of pipelines.definitions)
  for (const { name, source } of fileSources(definition))
    if (source.trigger === "blob")
      registerIngestFile(ports, pipeline, name, source.folder);
registerSweep(ports);
registerGetInsight(ports);
registerGetRuns(ports);
registerGetHealth(ports);

df.app.orchestration("watch", watch);
df.app.orchestration("databricksRun", databricksRun);

for (const [name, activity] of Object.entries(bindActivities(ports)))
  df.app.activity(name, {
    handler: (input, context) => activity(input as never, logOf(context)),
  });
