import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PipelineFolder } from "./readPipeline.ts";
import { packagedKinds, sourcesOfKind } from "./sources.ts";

interface HostJson {
  readonly extensions: Readonly<Record<string, object>>;
}

/** host.json as it is deployed: that of the project, with what the pipelines' sources need of it. */
export function hostJsonOf(
  projectDir: string,
  folders: readonly PipelineFolder[],
): { hostJson: HostJson; told: readonly string[] } {
  const written = JSON.parse(
    readFileSync(join(projectDir, "host.json"), "utf8"),
  ) as HostJson;
  const parts = packagedKinds.flatMap(
    (kind) =>
      kind.hostJson?.(sourcesOfKind(folders, kind).map(({ entry }) => entry)) ??
      [],
  );
  const extensions = Object.fromEntries(
    parts.map(({ extension, settings }) => [
      extension,
      { ...written.extensions[extension], ...settings },
    ]),
  );
  return {
    hostJson: {
      ...written,
      extensions: { ...written.extensions, ...extensions },
    },
    told: parts.map(({ told }) => told),
  };
}
