import { messageOf } from "../../app/appFault.ts";
import { required, type AppFunction } from "../../app/appFunctions.ts";
import type { Host, Listener } from "../hostContext.ts";
import { pause } from "../shared/pause.ts";
import { connectionSetting } from "../../app/appSettings.ts";
import { checkpoints, type Checkpoints } from "./checkpoints.ts";
import { connectHub } from "./connection.ts";
import { dispatchTo } from "./dispatch.ts";
import { batchOptions, type BatchOptions } from "./options.ts";
import { PartitionReader } from "./partition.ts";

/** Waits before a broken connection is opened anew. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** What a function reads. */
interface Source {
  readonly namespace: string;
  readonly hub: string;
  readonly group: string;
  /** One text for all three. */
  readonly key: string;
}

export function sourceOf(fn: AppFunction): Source {
  const namespace = connectionSetting(
    required(fn, "connection"),
    "fullyQualifiedNamespace",
    `The function '${fn.name}'`,
  );
  const hub = required(fn, "eventHubName");
  const { consumerGroup: group = "$Default" } = fn.trigger as {
    consumerGroup?: string;
  };
  const key = `${namespace}/${hub}/${group}`.toLowerCase();
  return { namespace, hub, group, key };
}

/** Keeps reading all partitions of a hub for one function, over one connection at a time. */
export class HubListener implements Listener {
  readonly #host: Host;
  readonly #fn: AppFunction;
  readonly #source: Source;
  readonly #options: BatchOptions;
  readonly #checkpoints: Checkpoints;
  readonly #stopping = new AbortController();
  readonly #readers = new Map<string, PartitionReader>();
  #waitMs = FIRST_WAIT_MS;

  constructor(host: Host, fn: AppFunction, source: Source) {
    this.#host = host;
    this.#fn = fn;
    this.#source = source;
    this.#options = batchOptions(host.hostJson);
    this.#checkpoints = checkpoints(host.store);
  }

  /** Resolves when the first attempt to connect has come to its end, good or bad. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      void this.#keepReading(resolve);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(
      [...this.#readers.values()].map((reader) => reader.idle()),
    );
  }

  async #keepReading(onFirst: () => void): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const reason = await this.#read(onFirst).catch(messageOf);
      onFirst();
      this.#host.log("eventHubs.disconnected", {
        function: this.#fn.name,
        hub: this.#source.hub,
        reason,
      });
      await pause(this.#host.clock, this.#waitMs, signal);
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  /** Reads until the connection ends. The reason why it did. */
  async #read(onOpen: () => void): Promise<string> {
    const { namespace, hub, group } = this.#source;
    const { signal } = this.#stopping;
    const connection = await connectHub(this.#host, namespace, hub);
    const close = (): void => connection.close();
    signal.addEventListener("abort", close);
    for (const id of connection.partitionIds) {
      const reader = this.#readerOf(id);
      const { position } = reader;
      const selector =
        position === undefined
          ? this.#options.initialSelector
          : `amqp.annotation.x-opt-sequence-number > '${position}'`;
      reader.attach(connection.receive(group, id, selector));
    }
    this.#waitMs = FIRST_WAIT_MS;
    onOpen();
    const reason = await connection.ended;
    signal.removeEventListener("abort", close);
    connection.close();
    return reason;
  }

  #readerOf(partitionId: string): PartitionReader {
    const known = this.#readers.get(partitionId);
    if (known !== undefined) return known;
    const { namespace, hub, group, key } = this.#source;
    const dispatch = dispatchTo(this.#host, this.#fn, {
      fullyQualifiedNamespace: namespace,
      eventHubName: hub,
      consumerGroup: group,
      partitionId,
    });
    const reader = new PartitionReader(
      this.#host.clock,
      this.#options,
      dispatch,
      { checkpoints: this.#checkpoints, stream: `${key}/${partitionId}` },
      this.#stopping.signal,
    );
    this.#readers.set(partitionId, reader);
    return reader;
  }
}
