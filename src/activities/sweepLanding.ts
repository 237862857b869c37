import { fileSources } from "../domain/definition.ts";
import { isHidden, isSettled } from "../domain/landing.ts";
import { landingFolder } from "../domain/paths.ts";
import type { Ports } from "../ports.ts";
import type { Log } from "../telemetry/events.ts";
import { claimFile } from "./claimFile.ts";

/** Claims every dropped file that nobody announced and that nobody writes any more. */
export async function sweepLanding(
  ports: Ports,
  pipeline: string,
  log: Log,
): Promise<void> {
  const definition = ports.pipelines.definitions.get(pipeline);
  if (!definition) return;
  for (const { source } of fileSources(definition))
    for (const file of await ports.lake.list(landingFolder(source.folder))) {
      const { settleSeconds } = ports.config.lake;
      if (isHidden(file.path)) continue;
      if (isSettled(file.modifiedAt, ports.now(), settleSeconds))
        await claimFile(ports, file, log);
    }
}
