/** The only reader of the environment. `docs/settings.md` and `local.settings.sample.json` list the same names. */
import * as z from "zod/mini";
import { AssayError } from "./errors.ts";

const text = z.string().check(z.minLength(1));
const address = z.url();
const count = z.pipe(
  z.pipe(text, z.transform(Number)),
  z.int().check(z.nonnegative()),
);

// Read once per process: compiling a reader, as zod does by default, costs more than reading.
z.config({ jitless: true });

/** Names of settings as on Azure, in the identity form of connections. */
const schema = z.object({
  EventHubs__fullyQualifiedNamespace: text,
  Lake__blobServiceUri: address,
  Lake__dfsServiceUri: address,
  /** Read by the queue and blob triggers. */
  Lake__queueServiceUri: address,
  LAKE_CONTAINER: text,
  COSMOS_ENDPOINT: address,
  COSMOS_DATABASE: text,
  DATABRICKS_HOST: address,
  DATABRICKS_PROCESS_BATCH_JOB_ID: z.pipe(count, z.number()),
  /** Read by the timer trigger. */
  SWEEP_SCHEDULE: text,
  LANDING_SETTLE_SECONDS: count,
  /** Of a user-assigned identity; the system-assigned one has none. */
  AZURE_CLIENT_ID: z.optional(text),
});

export const settingNames = Object.keys(schema.shape);

export interface Config {
  readonly eventHubs: { readonly namespace: string };
  readonly lake: {
    readonly blobUrl: string;
    readonly dfsUrl: string;
    readonly container: string;
    readonly settleSeconds: number;
  };
  readonly cosmos: { readonly endpoint: string; readonly database: string };
  readonly databricks: {
    readonly host: string;
    readonly processBatchJobId: number;
  };
  readonly identity: { readonly clientId?: string };
  /** A setting of one sink, read when it is first used: that it is missing holds nothing else up. */
  readonly sinkSetting: (name: string) => string | undefined;
}

/** Fails with every name that is missing or wrong in one message. Values are not repeated in it. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const read = schema.safeParse(environment);
  if (!read.success) {
    const names = new Set(
      read.error.issues.map((issue) => String(issue.path[0])),
    );
    throw new AssayError(
      "SETTINGS_WRONG",
      `Missing or wrong: ${[...names].sort().join(", ")}.`,
    );
  }
  const settings = read.data;
  return {
    eventHubs: { namespace: settings.EventHubs__fullyQualifiedNamespace },
    lake: {
      blobUrl: settings.Lake__blobServiceUri,
      dfsUrl: settings.Lake__dfsServiceUri,
      container: settings.LAKE_CONTAINER,
      settleSeconds: settings.LANDING_SETTLE_SECONDS,
    },
    cosmos: {
      endpoint: settings.COSMOS_ENDPOINT,
      database: settings.COSMOS_DATABASE,
    },
    databricks: {
      host: settings.DATABRICKS_HOST,
      processBatchJobId: settings.DATABRICKS_PROCESS_BATCH_JOB_ID,
    },
    identity:
      settings.AZURE_CLIENT_ID === undefined
        ? {}
        : { clientId: settings.AZURE_CLIENT_ID },
    sinkSetting: (name) => environment[name],
  };
}
