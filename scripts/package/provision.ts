import { PROVISIONED_CONTAINER } from "../../src/domain/paths.ts";
import { provisionFile, type ProvisionFile } from "./provisionFile.ts";
import type { PipelineFolder } from "./readPipeline.ts";
import { compileSink, sinksOf } from "./sinks.ts";
import { packagedKinds, sourcesOfKind } from "./sources.ts";

/** A pipeline has a schema of each. */
const LAYERS = ["silver", "gold"];

/** Everything that must be there before the app starts: `infra/generated/pipelines.json`. */
export function provisionOf(folders: readonly PipelineFolder[]): ProvisionFile {
  const sources = packagedKinds.map((kind) =>
    kind.provision(sourcesOfKind(folders, kind).map(({ entry }) => entry)),
  );
  const lake = sources.flatMap((each) => each.lake ?? []);
  const sinks = folders.flatMap(({ name, pipeline }) =>
    Object.entries(pipeline ? sinksOf(pipeline) : {}).map(([sink, written]) =>
      written.kind.provision(
        name,
        sink,
        compileSink(written, Object.keys(pipeline?.gold ?? {})),
      ),
    ),
  );
  return provisionFile.parse({
    version: 1,
    hubs: sources.flatMap((each) => each.hubs ?? []),
    lake: {
      container: PROVISIONED_CONTAINER,
      folders: [
        "landing",
        "bronze",
        "_assay",
        ...lake.flatMap(({ folders: own }) => own),
      ],
      queues: lake.flatMap(({ queues }) => queues),
      subscriptions: lake.flatMap(({ subscriptions }) => subscriptions),
    },
    cosmos: {
      database: "assay",
      containers: sinks.flatMap(({ containers }) => containers ?? []),
    },
    databricks: {
      schemas: folders.flatMap(({ name }) =>
        LAYERS.map((layer) => `${name}_${layer}`),
      ),
    },
    settings: [...new Set(sinks.flatMap(({ settings }) => settings ?? []))],
    schedules: [{ name: "sweep", cron: "0 */1 * * * *" }],
  });
}
