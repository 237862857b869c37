/**
 * The process of the function host: `node local/src/functionsHostMain.ts <state folder> <app folder>`, its settings in
 * ASSAY_APP_SETTINGS. It says `ready` on its channel once every trigger listens, and ends when its parent does.
 */
import { serviceContext } from "./platform/context.ts";
import { readFolders } from "./platform/folders.ts";
import { endWithParent } from "./platform/orphans.ts";
import { keptPorts } from "./platform/ports.ts";
import type { RunningService } from "./service.ts";
import { startFunctionsHost } from "./functionsHost/index.ts";

const [stateDir = "", appDir = ""] = process.argv.slice(2);
const settings = JSON.parse(
  process.env["ASSAY_APP_SETTINGS"] ?? "{}",
) as Record<string, string>;
delete process.env["ASSAY_APP_SETTINGS"];
const context = await serviceContext(
  readFolders(stateDir),
  keptPorts(stateDir),
  "functions-host",
);

let host: RunningService | undefined;
let stopping: Promise<void> | undefined;
const stop = (): void => {
  stopping ??= (host?.stop() ?? Promise.resolve()).then(() => process.exit(0));
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, stop);
endWithParent(stop);

try {
  host = await startFunctionsHost({ context, appDir, settings });
  process.send?.({ type: "ready" });
} catch (error) {
  process.send?.({
    type: "failed",
    message: error instanceof Error ? error.message : String(error),
  });
  process.exit(1);
}
