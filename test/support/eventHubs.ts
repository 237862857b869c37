import { createHmac } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  type EventData,
  type EventPosition,
  type ReceivedEventData,
  type TokenCredential,
} from "@azure/event-hubs";
import type { Provision, ServiceContext } from "../../local/src/service.ts";
import { systemClock, type Clock } from "../../local/src/shared/clock.ts";
import { noFaults, type Faults } from "../../local/src/shared/faults.ts";
import { sharedKey } from "../../local/src/shared/keys.ts";
import { silent } from "../../local/src/shared/log.ts";
import { ensureCertificate } from "../../local/src/shared/tls.ts";
import { tokenAuthority } from "../../local/src/shared/tokens.ts";
import type { Witness } from "../../local/src/shared/witness.ts";
import { startServer } from "../../local/src/services/eventHubs/server.ts";

const projectDir = join(import.meta.dirname, "../..");
const toolsDir = join(projectDir, ".assay/tools");
const AUDIENCE = "https://eventhubs.azure.net";

/** No attempt is made twice, and none takes long: a test sees the first error. */
const impatient = {
  retryOptions: { maxRetries: 0, timeoutInMs: 10_000 },
} as const;

export interface LocalEventHubs {
  readonly stateDir: string;
  readonly port: number;
  /** As `EventHubs__fullyQualifiedNamespace` holds it. */
  readonly host: string;
  readonly connectionString: string;
  /** Entra's tokens of this platform; for another audience on request. */
  credential(audience?: string): TokenCredential;
  producer(hub: string): EventHubProducerClient;
  consumer(hub: string, group?: string): EventHubConsumerClient;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly hubs?: Provision["hubs"];
  /** The state of an earlier start. */
  readonly stateDir?: string;
  readonly port?: number;
  readonly clock?: Clock;
  readonly faults?: Faults;
  readonly witness?: Witness;
}

/** Starts Event Hubs in this process, on a temporary state unless told otherwise. */
export async function startEventHubs(
  options: StartOptions = {},
): Promise<LocalEventHubs> {
  const stateDir =
    options.stateDir ?? (await mkdtemp(join(tmpdir(), "assay-eventHubs-")));
  const context = await eventHubsContext({ ...options, stateDir });
  const server = await startServer(context);
  const host = `localhost:${server.port}`;
  const key = sharedKey(stateDir);
  const connectionString = `Endpoint=sb://${host};SharedAccessKeyName=Root;SharedAccessKey=${key}`;
  return {
    stateDir,
    port: server.port,
    host,
    connectionString,
    credential: (audience = AUDIENCE) => ({
      async getToken() {
        const { tokens } = context;
        const issued = await tokens.issue(audience, { objectId: "tester" });
        return {
          token: issued.token,
          expiresOnTimestamp: issued.expiresOn * 1000,
        };
      },
    }),
    producer: (hub) =>
      new EventHubProducerClient(connectionString, hub, impatient),
    consumer: (hub, group = "$Default") =>
      new EventHubConsumerClient(group, connectionString, hub, impatient),
    stop: () => server.stop(),
  };
}

export async function eventHubsContext({
  hubs = [{ name: "flights", partitions: 2, consumerGroups: ["assay"] }],
  stateDir,
  port = 0,
  clock = systemClock,
  faults = noFaults,
  witness,
}: StartOptions & { stateDir: string }): Promise<ServiceContext> {
  const files = await ensureCertificate(join(toolsDir, "certificates"));
  // The SDK takes no certificate: this process trusts ours, also when NODE_EXTRA_CA_CERTS was not set.
  tls.setDefaultCACertificates([...tls.getCACertificates(), files.cert]);
  return {
    stateDir,
    toolsDir,
    projectDir,
    provision: {
      version: 1,
      hubs,
      lake: { container: "lake", folders: [], queues: [], subscriptions: [] },
      databricks: { schemas: [] },
      cosmos: { database: "assay", containers: [] },
      settings: [],
      schedules: [],
    },
    tls: files,
    tokens: tokenAuthority(stateDir),
    clock,
    faults,
    log: silent,
    ...(witness && { witness }),
    port: () => port,
  };
}

/** A shared access signature of the rule Root, good for an hour: for clients that are not the SDK. */
export function sasToken(stateDir: string, audience: string): string {
  const resource = encodeURIComponent(audience);
  const expiry = Math.floor(Date.now() / 1000) + 3600;
  const signature = createHmac("sha256", sharedKey(stateDir))
    .update(`${resource}\n${expiry}`)
    .digest("base64");
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=Root`;
}

export interface SendOptions {
  readonly partitionId?: string;
  readonly partitionKey?: string;
}

/** Sends events in as few batches as they fit into. */
export async function sendAll(
  producer: EventHubProducerClient,
  events: readonly EventData[],
  options: SendOptions = {},
): Promise<void> {
  let batch = await producer.createBatch(options);
  for (const event of events) {
    if (batch.tryAdd(event)) continue;
    await producer.sendBatch(batch);
    batch = await producer.createBatch(options);
    if (!batch.tryAdd(event)) throw new Error("An event is too large.");
  }
  await producer.sendBatch(batch);
}

export interface ReceiveOptions {
  readonly partitionId: string;
  readonly count: number;
  readonly startPosition?: EventPosition;
  readonly ownerLevel?: number;
  /** Called when the first events are there: the link is attached. */
  readonly onFirst?: () => void;
}

/** Reads from one partition until there are so many events, or fails with the receiver's error. */
export async function receive(
  consumer: EventHubConsumerClient,
  { partitionId, count, startPosition, ownerLevel, onFirst }: ReceiveOptions,
): Promise<ReceivedEventData[]> {
  const events: ReceivedEventData[] = [];
  const done = Promise.withResolvers<undefined>();
  const subscription = consumer.subscribe(
    partitionId,
    {
      processEvents(received) {
        if (events.length === 0 && received.length > 0) onFirst?.();
        events.push(...received);
        if (events.length >= count) done.resolve(undefined);
        return Promise.resolve();
      },
      processError(error) {
        done.reject(error);
        return Promise.resolve();
      },
    },
    {
      startPosition: startPosition ?? earliestEventPosition,
      maxBatchSize: 500,
      maxWaitTimeInSeconds: 1,
      ...(ownerLevel !== undefined && { ownerLevel }),
    },
  );
  try {
    await done.promise;
  } finally {
    await subscription.close();
  }
  return events;
}
