import { identityHeader } from "../shared/keys.ts";
import type { Provision } from "../service.ts";

/** The storage account's name: the first part of every path of the lake's endpoint. */
export const LAKE_ACCOUNT = "assay";

/**
 * What Azure would put into the app's settings, with the addresses of this platform: the same names, the same
 * identity form. `local.settings.sample.json` lists them with Azure's values.
 */
export function appSettings(
  stateDir: string,
  ports: ReadonlyMap<string, number>,
  provision: Provision,
): Record<string, string> {
  const at = (endpoint: string): string =>
    `127.0.0.1:${ports.get(endpoint) ?? 0}`;
  const lake = `https://${at("lake")}/${LAKE_ACCOUNT}`;
  return {
    EventHubs__fullyQualifiedNamespace: at("eventHubs"),
    Lake__blobServiceUri: lake,
    Lake__dfsServiceUri: lake,
    Lake__queueServiceUri: `https://${at("queue")}/${LAKE_ACCOUNT}`,
    LAKE_CONTAINER: provision.lake.container,
    COSMOS_ENDPOINT: `https://${at("cosmos")}/`,
    COSMOS_DATABASE: provision.cosmos.database,
    DATABRICKS_HOST: `http://${at("databricks")}`,
    DATABRICKS_JOB_NAME: "process_batch",
    // A person who drops a file waits seconds here, not minutes.
    SWEEP_SCHEDULE: "*/2 * * * * *",
    LANDING_SETTLE_SECONDS: "2",
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: "00:00:02",
    IDENTITY_ENDPOINT: `http://${at("identity")}/msi/token`,
    IDENTITY_HEADER: identityHeader(stateDir),
    ...sinkSettings(provision),
  };
}

/** What sinks need that no local service knows, such as where to notify: from the environment of whoever starts us. */
const sinkSettings = ({ settings }: Provision): Record<string, string> =>
  Object.fromEntries(
    settings.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
