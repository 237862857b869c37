import type { Sender } from "rhea";
import type { Clock } from "../../shared/clock.ts";
import { runtimeMetrics } from "./amqp/annotations.ts";
import { EventWriter } from "./amqp/rhea.ts";
import { EventHubsError, fail } from "./errors.ts";
import { MAX_RECEIVERS_WITHOUT_EPOCH } from "./limits.ts";
import type { Cursor } from "./log/partitionLog.ts";
import type { Partition, PartitionReader } from "./state.ts";

interface ReceiverOptions {
  readonly partition: Partition;
  readonly group: string;
  /** The receiver's owner level: of those in a group, the highest one reads alone. */
  readonly epoch: number | undefined;
  /** The name the client gave it, for error messages. */
  readonly name: string;
  readonly wantsMetrics: boolean;
  readonly start: Cursor;
  /** Told that events went out. */
  readonly delivered: () => void;
}

/** A client that reads a partition, over a link on which we are the sender. */
export class EventReceiver implements PartitionReader {
  readonly link: Sender;
  readonly #options: ReceiverOptions;
  readonly #writer: EventWriter;
  readonly #clock: Clock;
  #cursor: Cursor;
  #isReady = false;
  #isWoken = false;

  constructor(link: Sender, options: ReceiverOptions, clock: Clock) {
    this.link = link;
    this.#options = options;
    this.#writer = new EventWriter(link);
    this.#clock = clock;
    this.#cursor = options.start;
  }

  get name(): string {
    return this.#options.name;
  }

  get group(): string {
    return this.#options.group;
  }

  get epoch(): number | undefined {
    return this.#options.epoch;
  }

  /** Takes its place among the receivers of its group, or fails as Azure would. */
  join(): void {
    const { partition, group, epoch, name } = this.#options;
    const others = [...partition.receivers].filter(
      (other) => other.group === group,
    );
    const highest = others
      .map(({ epoch: other, name: current }) => ({ epoch: other, current }))
      .filter((other) => other.epoch !== undefined)
      .sort((a, b) => (b.epoch ?? 0) - (a.epoch ?? 0))[0];
    if (epoch === undefined) {
      if (highest) fail("epochRequired", { epoch: highest.epoch ?? 0 });
      if (others.length >= MAX_RECEIVERS_WITHOUT_EPOCH)
        fail("tooManyReceivers", {
          limit: MAX_RECEIVERS_WITHOUT_EPOCH,
          receivers: others.map((other) => other.name).join(", "),
        });
    } else {
      const { epoch: higher = epoch, current = "" } = highest ?? {};
      if (higher > epoch)
        fail("epochTooLow", { current, higher, receiver: name, epoch });
      for (const other of others) other.stolenBy(name, epoch);
    }
    partition.receivers.add(this);
    // Rhea writes the attach at the end of this tick: transfers may only follow it.
    process.nextTick(() => {
      this.#isReady = true;
      this.pump();
    });
  }

  leave(): void {
    this.#options.partition.receivers.delete(this);
  }

  /** There is something new. Many times in one tick are one. */
  wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    process.nextTick(() => {
      this.#isWoken = false;
      this.pump();
    });
  }

  /** Sends what the client has credit for. True if there may be more than the socket takes now. */
  pump(): boolean {
    if (!this.#isReady || !this.link.is_open()) return false;
    const { log } = this.#options.partition;
    this.#writer.hold();
    try {
      const metrics = this.#metrics();
      for (;;) {
        const slice = log.read(this.#cursor, this.#writer.capacity);
        if (!slice) break;
        this.#writer.send(slice, metrics);
        this.#options.delivered();
        this.#cursor = slice.next;
      }
    } finally {
      this.#writer.release();
    }
    if (this.#cursor.position >= log.latest.position)
      this.link.set_drained(true);
    return this.#writer.isBlocked;
  }

  #metrics(): Buffer | undefined {
    const { last } = this.#options.partition.log;
    return this.#options.wantsMetrics && last
      ? runtimeMetrics(last, this.#clock.now())
      : undefined;
  }

  stolenBy(receiver: string, higher: number): void {
    const { name: current, epoch = 0 } = this.#options;
    this.leave();
    this.link.close(
      new EventHubsError("receiverStolen", { receiver, higher, current, epoch })
        .amqp,
    );
  }
}
