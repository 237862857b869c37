import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "../../service.ts";
import { sharedKey, systemKey } from "../../shared/keys.ts";
import { close, listen } from "../../shared/listen.ts";
import { Appends } from "./appends.ts";
import { authorizer } from "./authorize.ts";
import { Blocks } from "./blocks.ts";
import { Containers } from "./containers.ts";
import { Delivery } from "./delivery.ts";
import type { Lake } from "./lake.ts";
import { allQueueOperations, lakeOperations } from "./operations/index.ts";
import { ACCOUNT } from "./operations/paths.ts";
import { Outbox } from "./outbox.ts";
import { Queues } from "./queues.ts";
import { storageServer } from "./server.ts";
import { State } from "./state.ts";
import { Store } from "./store.ts";

/** ADLS Gen2 (Blob and DFS protocol) over plain directories, storage queues, and the events between them. */
export const lake: Service = {
  name: "lake",
  endpoints: ["lake", "queue"],
  async start(context) {
    const { stateDir, provision, clock, log, faults, tls } = context;
    const {
      container,
      folders,
      queues: queueNames,
      subscriptions,
    } = provision.lake;
    const state = new State(stateDir);
    const containers = new Containers(stateDir, container, state);
    const queues = new Queues(state, clock);
    const outbox = new Outbox(state, subscriptions, clock);
    const store = new Store(state, containers, outbox);
    if (!containers.find(container)) containers.create(container);
    for (const folder of folders)
      mkdirSync(join(stateDir, "lake", folder), { recursive: true });
    for (const name of queueNames)
      if (!queues.find(name)) queues.create(name, {});

    const parts: Omit<Lake, "url"> = {
      state,
      store,
      containers,
      queues,
      blocks: new Blocks(state),
      appends: new Appends(state),
    };
    const authorize = authorizer(ACCOUNT, sharedKey(stateDir), context.tokens);
    const { witness } = context;
    const shared = { authorize, faults, log, witness };
    const endpointUrl = (port: number): string =>
      `https://127.0.0.1:${port}/${ACCOUNT}`;
    const lakePort = context.port("lake");
    const queuePort = context.port("queue");
    const blobs = storageServer(tls, {
      ...shared,
      name: "lake",
      operations: lakeOperations,
      lake: { ...parts, url: endpointUrl(lakePort) },
    });
    const queueServer = storageServer(tls, {
      ...shared,
      name: "queue",
      operations: allQueueOperations,
      lake: { ...parts, url: endpointUrl(queuePort) },
    });
    const delivery = new Delivery(
      outbox,
      subscriptions,
      queues,
      (name) =>
        `http://127.0.0.1:${context.port("functions")}/runtime/webhooks/blobs?functionName=Host.Functions.${encodeURIComponent(name)}&code=${systemKey(stateDir)}`,
      clock,
      log,
    );
    const stop = async (): Promise<void> => {
      await Promise.all([close(blobs), close(queueServer)]);
      await delivery.stop();
      state.close();
    };
    try {
      await listen(blobs, lakePort);
      await listen(queueServer, queuePort);
    } catch (error) {
      await stop();
      throw error;
    }
    outbox.recover((file) => store.entryAt(file));
    return { stop };
  },
};
