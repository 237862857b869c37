import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { choosePorts } from "../../../local/src/platform/ports.ts";
import type { Provision, Service } from "../../../local/src/service.ts";
import { eventHubs } from "../../../local/src/services/eventHubs/index.ts";
import { identity } from "../../../local/src/services/identity/index.ts";
import { lake } from "../../../local/src/services/lake/index.ts";
import { systemClock } from "../../../local/src/shared/clock.ts";
import { noFaults } from "../../../local/src/shared/faults.ts";
import { identityHeader, sharedKey } from "../../../local/src/shared/keys.ts";
import { silent } from "../../../local/src/shared/log.ts";
import { ensureCertificate } from "../../../local/src/shared/tls.ts";
import { tokenAuthority } from "../../../local/src/shared/tokens.ts";

/** The services that a host's triggers listen to, in this process, on a state of their own. */
export interface Cloud {
  readonly stateDir: string;
  /** What the app gets: addresses and identity. */
  readonly settings: Record<string, string>;
  readonly eventHubsConnectionString: string;
  readonly storageKey: string;
  /** Where blob events go: start the host on it. */
  readonly functionsPort: number;
  /** Ends all services, and starts them again on the same state and ports. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const services: readonly Service[] = [identity, eventHubs, lake];
const toolsDir = fileURLToPath(
  new URL("../../../.assay/tools", import.meta.url),
);

export async function startCloud(
  provision: Partial<Provision>,
  stateDir = mkdtempSync(join(tmpdir(), "assay-cloud-")),
): Promise<Cloud> {
  const tls = await ensureCertificate(join(toolsDir, "certificates"));
  setDefaultCACertificates([...getCACertificates(), tls.cert]);
  const ports = await choosePorts(
    stateDir,
    services.flatMap(({ endpoints }) => endpoints),
    0,
  );
  const port = (endpoint: string): number => ports.get(endpoint) ?? 0;
  const startAll = () =>
    Promise.all(
      services.map((service) =>
        service.start({
          stateDir,
          toolsDir,
          projectDir: "",
          provision: {
            version: 1,
            hubs: [],
            databricks: { schemas: [] },
            lake: {
              container: "lake",
              folders: [],
              queues: [],
              subscriptions: [],
            },
            cosmos: { database: "assay", containers: [] },
            settings: [],
            schedules: [],
            ...provision,
          },
          tls,
          tokens: tokenAuthority(stateDir),
          clock: systemClock,
          faults: noFaults,
          log: silent,
          port,
        }),
      ),
    );
  let running = await startAll();
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((service) => service.stop()));
  };
  const storage = (endpoint: string): string =>
    `https://127.0.0.1:${port(endpoint)}/assay`;
  return {
    stateDir,
    settings: {
      EventHubs__fullyQualifiedNamespace: `127.0.0.1:${port("eventHubs")}`,
      Lake__blobServiceUri: storage("lake"),
      Lake__queueServiceUri: storage("queue"),
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port("identity")}/msi/token`,
      IDENTITY_HEADER: identityHeader(stateDir),
    },
    eventHubsConnectionString: `Endpoint=sb://localhost:${port("eventHubs")};SharedAccessKeyName=Root;SharedAccessKey=${sharedKey(stateDir)}`,
    storageKey: sharedKey(stateDir),
    functionsPort: port("functions"),
    stop,
    async restart() {
      await stop();
      running = await startAll();
    },
  };
}
