/** A function host in a process of its own, for tests: `node entry.ts <options as JSON>`; see `host.ts` beside it. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceContext } from "../../../local/src/service.ts";
import { startFunctionsHost } from "../../../local/src/functionsHost/index.ts";
import { systemClock } from "../../../local/src/shared/clock.ts";
import { noFaults, plannedFaults } from "../../../local/src/shared/faults.ts";
import { logTo } from "../../../local/src/shared/log.ts";
import { ensureCertificate } from "../../../local/src/shared/tls.ts";
import { tokenAuthority } from "../../../local/src/shared/tokens.ts";
import type { HostOptions } from "./host.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as Required<HostOptions> & {
  port: number;
};
const projectDir = fileURLToPath(new URL("../../../", import.meta.url));
const toolsDir = join(projectDir, ".assay", "tools");
const { stateDir, faults } = options;
const context: ServiceContext = {
  stateDir,
  toolsDir,
  projectDir,
  provision: {
    version: 1,
    hubs: [],
    databricks: { schemas: [] },
    lake: { container: "lake", folders: [], queues: [], subscriptions: [] },
    cosmos: { database: "assay", containers: [] },
    settings: [],
    schedules: [],
  },
  tls: await ensureCertificate(join(toolsDir, "certificates")),
  tokens: tokenAuthority(stateDir),
  clock: systemClock,
  faults: faults.length === 0 ? noFaults : plannedFaults(faults),
  log: logTo(join(stateDir, "logs", "host.log"), "host"),
  port: () => options.port,
};

try {
  const host = await startFunctionsHost({
    context,
    appDir: options.appDir,
    settings: options.settings,
    longs: options.longs,
  });
  process.on("message", () => {
    void host.stop().then(() => process.exit(0));
  });
  // A test that is killed leaves no host behind.
  process.on("disconnect", () => process.exit(1));
  process.send?.({ type: "ready" });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.send?.({ type: "failed", message }, () => process.exit(1));
}
