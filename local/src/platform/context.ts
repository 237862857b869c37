import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Provision, ServiceContext } from "../service.ts";
import { systemClock, type Clock } from "../shared/clock.ts";
import { noFaults, plannedFaults, type FaultRule } from "../shared/faults.ts";
import { logTo } from "../shared/log.ts";
import { clockOfFile, moveDate } from "../shared/movableClock.ts";
import { ensureCertificate } from "../shared/tls.ts";
import { tokenAuthority } from "../shared/tokens.ts";

/** What `npm run package` wrote of what must be there. */
export function readProvision(projectDir: string): Provision {
  return JSON.parse(
    readFileSync(join(projectDir, "infra/generated/pipelines.json"), "utf8"),
  ) as Provision;
}

export interface PlatformFolders {
  readonly projectDir: string;
  readonly toolsDir: string;
  readonly stateDir: string;
}

/** The context of one process of the platform. Faults come from a test, by `ASSAY_FAULTS`, and are logged when met. */
export async function serviceContext(
  folders: PlatformFolders,
  ports: ReadonlyMap<string, number>,
  source: string,
): Promise<ServiceContext> {
  const log = logTo(join(folders.stateDir, "logs", `${source}.log`), source);
  const planned = process.env["ASSAY_FAULTS"];
  return {
    ...folders,
    provision: readProvision(folders.projectDir),
    tls: await ensureCertificate(join(folders.toolsDir, "certificates")),
    tokens: tokenAuthority(folders.stateDir),
    clock: clockOfProcess(),
    faults:
      planned === undefined
        ? noFaults
        : plannedFaults(JSON.parse(planned) as FaultRule[], (rule) =>
            log("fault.met", {
              service: rule.service,
              action: rule.action,
              path: rule.path,
            }),
          ),
    log,
    port(endpoint) {
      const port = ports.get(endpoint);
      if (port === undefined)
        throw new Error(`No port is kept for the endpoint '${endpoint}'.`);
      return port;
    },
  };
}

/** A proof moves the time of all processes by the file that `ASSAY_CLOCK` names. */
function clockOfProcess(): Clock {
  const file = process.env["ASSAY_CLOCK"];
  if (file === undefined) return systemClock;
  const clock = clockOfFile(file);
  moveDate(clock);
  return clock;
}
