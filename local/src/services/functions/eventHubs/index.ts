import { AppFault, messageOf } from "../errors.ts";
import { required, type AppFunction } from "../functions.ts";
import type { Host, Listener, StartTrigger } from "../host.ts";
import { pause } from "../pause.ts";
import { connectionSetting } from "../settings.ts";
import { checkpoints } from "./checkpoints.ts";
import { connectHub } from "./connection.ts";
import { dispatchTo } from "./dispatch.ts";
import { batchOptions } from "./options.ts";
import { PartitionReader } from "./partition.ts";

/** Waits before a broken connection is opened anew. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

export const startEventHubs: StartTrigger = async (host, functions) => {
  const taken = new Map<string, string>();
  const listeners = await Promise.all(
    functions.map((fn) => startHub(host, fn, taken)),
  );
  return {
    async stop() {
      await Promise.all(listeners.map((listener) => listener.stop()));
    },
  };
};

async function startHub(
  host: Host,
  fn: AppFunction,
  taken: Map<string, string>,
): Promise<Listener> {
  const where = `The function '${fn.name}'`;
  const namespace = connectionSetting(
    required(fn, "connection"),
    "fullyQualifiedNamespace",
    where,
  );
  const hub = required(fn, "eventHubName");
  const group = String(fn.trigger["consumerGroup"] ?? "$Default");
  const source = `${namespace}/${hub}/${group}`.toLowerCase();
  const other = taken.get(source);
  if (other !== undefined)
    throw new AppFault(
      `${where} reads the consumer group '${group}' of '${hub}', and so does '${other}': each needs a group of its own.`,
    );
  taken.set(source, fn.name);

  const options = batchOptions(host.hostJson);
  const stopping = new AbortController();
  const readers = new Map<string, PartitionReader>();
  const store = checkpoints(host.store);
  const readerOf = (partitionId: string): PartitionReader => {
    const known = readers.get(partitionId);
    if (known !== undefined) return known;
    const reader = new PartitionReader(
      host.clock,
      options,
      dispatchTo(host, fn, {
        fullyQualifiedNamespace: namespace,
        eventHubName: hub,
        consumerGroup: group,
        partitionId,
      }),
      { checkpoints: store, stream: `${source}/${partitionId}` },
      stopping.signal,
    );
    readers.set(partitionId, reader);
    return reader;
  };

  /** Reads all partitions over one connection until that breaks. */
  const read = async (onOpen: () => void): Promise<string> => {
    const connection = await connectHub(host, namespace, hub);
    const close = (): void => connection.close();
    stopping.signal.addEventListener("abort", close);
    for (const id of connection.partitionIds) {
      const reader = readerOf(id);
      const { position } = reader;
      const selector =
        position === undefined
          ? options.initialSelector
          : `amqp.annotation.x-opt-sequence-number > '${position}'`;
      reader.attach(connection.receive(group, id, selector));
    }
    onOpen();
    const reason = await connection.ended;
    stopping.signal.removeEventListener("abort", close);
    connection.close();
    return reason;
  };

  let waitMs = FIRST_WAIT_MS;
  const keepReading = async (onFirst: () => void): Promise<void> => {
    while (!stopping.signal.aborted) {
      const reason = await read(() => {
        waitMs = FIRST_WAIT_MS;
        onFirst();
      }).catch(messageOf);
      onFirst();
      if (stopping.signal.aborted) return;
      host.log("eventHubs.disconnected", { function: fn.name, hub, reason });
      await pause(host.clock, waitMs, stopping.signal);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  };
  await new Promise<void>((onFirst) => void keepReading(onFirst));
  return {
    async stop() {
      stopping.abort();
      await Promise.all([...readers.values()].map((reader) => reader.idle()));
    },
  };
}
