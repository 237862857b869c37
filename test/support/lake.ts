import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import {
  DataLakeServiceClient,
  StorageSharedKeyCredential as DataLakeKey,
} from "@azure/storage-file-datalake";
import {
  QueueServiceClient,
  StorageSharedKeyCredential as QueueKey,
} from "@azure/storage-queue";
import type {
  EventSubscription,
  Provision,
  RunningService,
  ServiceContext,
} from "../../local/src/service.ts";
import { identity } from "../../local/src/services/identity/index.ts";
import { lake } from "../../local/src/services/lake/index.ts";
import { systemClock, type Clock } from "../../local/src/shared/clock.ts";
import { noFaults, type Faults } from "../../local/src/shared/faults.ts";
import { identityHeader, sharedKey } from "../../local/src/shared/keys.ts";
import { silent } from "../../local/src/shared/log.ts";
import { ensureCertificate } from "../../local/src/shared/tls.ts";
import { tokenAuthority } from "../../local/src/shared/tokens.ts";
import type { Witness } from "../../local/src/shared/witness.ts";
import { freePorts } from "./freePort.ts";

export const CERTIFICATES = join(
  import.meta.dirname,
  "../../.assay/tools/certificates",
);

export interface LakeOptions {
  /** Kept over a restart by the caller; made and removed here when absent. */
  readonly stateDir?: string;
  readonly ports?: Readonly<Record<string, number>>;
  readonly queues?: readonly string[];
  readonly folders?: readonly string[];
  readonly subscriptions?: readonly EventSubscription[];
  readonly clock?: Clock;
  readonly faults?: Faults;
  readonly witness?: Witness;
}

export interface LocalLake {
  readonly stateDir: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Clients with the account key, as a person at the portal would use. */
  readonly blobs: BlobServiceClient;
  readonly files: DataLakeServiceClient;
  readonly queues: QueueServiceClient;
  /** Clients with the managed identity, as the app uses. */
  readonly credential: TokenCredential;
  readonly blobsAsApp: BlobServiceClient;
  readonly filesAsApp: DataLakeServiceClient;
  readonly queuesAsApp: QueueServiceClient;
  readonly lakeUrl: string;
  readonly queueUrl: string;
  stop(): Promise<void>;
}

export function aProvision(
  options: Pick<LakeOptions, "queues" | "folders" | "subscriptions"> = {},
): Provision {
  return {
    version: 1,
    hubs: [],
    databricks: { schemas: [] },
    lake: {
      container: "lake",
      folders: options.folders ?? [],
      queues: options.queues ?? [],
      subscriptions: options.subscriptions ?? [],
    },
    cosmos: { database: "assay", containers: [] },
    settings: [],
    schedules: [],
  };
}

/** Everything under `landing/`, into the queue `landing-events`, unless a test says otherwise. */
export function aSubscription(
  changes: Partial<EventSubscription> = {},
): EventSubscription {
  return {
    name: "landing",
    eventTypes: [
      "Microsoft.Storage.BlobCreated",
      "Microsoft.Storage.BlobRenamed",
    ],
    subjectBeginsWith: "/blobServices/default/containers/lake/blobs/landing/",
    subjectNotBeginsWith: [],
    apis: [],
    destination: { queue: "landing-events" },
    ...changes,
  };
}

export async function lakeContext(
  stateDir: string,
  options: LakeOptions,
): Promise<ServiceContext & { ports: Record<string, number> }> {
  const ports: Record<string, number> = {
    ...(await freePorts("lake", "queue", "identity", "functions")),
    ...options.ports,
  };
  return {
    stateDir,
    toolsDir: join(CERTIFICATES, ".."),
    projectDir: join(import.meta.dirname, "../.."),
    provision: aProvision(options),
    tls: await ensureCertificate(CERTIFICATES),
    tokens: tokenAuthority(stateDir),
    clock: options.clock ?? systemClock,
    faults: options.faults ?? noFaults,
    log: silent,
    ...(options.witness && { witness: options.witness }),
    ports,
    port(endpoint) {
      const port = ports[endpoint];
      if (port === undefined) throw new Error(`No port for ${endpoint}.`);
      return port;
    },
  };
}

/** Lake, queues and identity in this process, on a state of their own. */
export async function startLake(options: LakeOptions = {}): Promise<LocalLake> {
  const stateDir =
    options.stateDir ?? mkdtempSync(join(tmpdir(), "assay-lake-"));
  const context = await lakeContext(stateDir, options);
  const running: RunningService[] = [];
  for (const service of [identity, lake])
    running.push(await service.start(context));
  return {
    ...clientsOfLake(stateDir, context.ports),
    async stop() {
      await Promise.all(running.map((service) => service.stop()));
      if (options.stateDir === undefined)
        rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Clients of a lake that runs on these ports, in whatever process. No retries: a test sees each answer. */
export function clientsOfLake(
  stateDir: string,
  ports: Readonly<Record<string, number>>,
): Omit<LocalLake, "stop"> {
  const key = sharedKey(stateDir);
  const lakeUrl = `https://127.0.0.1:${ports["lake"] ?? 0}/assay`;
  const queueUrl = `https://127.0.0.1:${ports["queue"] ?? 0}/assay`;
  process.env["IDENTITY_ENDPOINT"] =
    `http://127.0.0.1:${ports["identity"] ?? 0}/msi/token`;
  process.env["IDENTITY_HEADER"] = identityHeader(stateDir);
  const credential = new ManagedIdentityCredential();
  const once = { retryOptions: { maxTries: 1 } };
  return {
    stateDir,
    ports,
    lakeUrl,
    queueUrl,
    credential,
    blobs: new BlobServiceClient(lakeUrl, new DataLakeKey("assay", key), once),
    files: new DataLakeServiceClient(
      lakeUrl,
      new DataLakeKey("assay", key),
      once,
    ),
    queues: new QueueServiceClient(queueUrl, new QueueKey("assay", key), once),
    blobsAsApp: new BlobServiceClient(lakeUrl, credential, once),
    filesAsApp: new DataLakeServiceClient(lakeUrl, credential, once),
    queuesAsApp: new QueueServiceClient(queueUrl, credential, once),
  };
}

/** The status and code of the refusal that `call` meets. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ status: number | undefined; code: string | undefined }> {
  try {
    await call;
  } catch (error) {
    const { statusCode, code, details } = error as {
      statusCode?: number;
      code?: string;
      details?: { errorCode?: string };
    };
    return { status: statusCode, code: code ?? details?.errorCode };
  }
  throw new Error("The call was not refused.");
}
