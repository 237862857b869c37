import type { EventSubscription } from "../../service.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Log } from "../../shared/log.ts";
import {
  RETRY_FIRST_MS,
  RETRY_LONGEST_MS,
  WEBHOOK_TIMEOUT_MS,
} from "./limits.ts";
import type { Outbox, OutboxRow } from "./outbox.ts";
import type { Queues } from "./queues.ts";

/** Requests under way to one destination. */
const AT_ONCE = 4;

/** Brings each event to its destination, again and again until it is taken: at least once, in no promised order. */
export class Delivery {
  readonly #lines = new Map<string, Line>();
  readonly #outbox: Outbox;
  readonly #log: Log;

  constructor(
    outbox: Outbox,
    subscriptions: readonly EventSubscription[],
    queues: Queues,
    webhookUrl: (functionName: string) => string,
    clock: Clock,
    log: Log,
  ) {
    this.#outbox = outbox;
    this.#log = log;
    for (const { name, destination } of subscriptions) {
      const send =
        "queue" in destination
          ? queueSender(queues, destination.queue)
          : webhookSender(webhookUrl(destination.blobTrigger));
      this.#lines.set(name, new Line(name, send, outbox, clock, log));
    }
    outbox.onReady = (row) => {
      this.#take(row);
    };
  }

  async stop(): Promise<void> {
    this.#outbox.onReady = () => undefined;
    await Promise.all([...this.#lines.values()].map((line) => line.stop()));
  }

  #take(row: OutboxRow): void {
    const line = this.#lines.get(row.subscription);
    if (line) line.add(row);
    else {
      // The subscription is gone since the event was raised; on Azure its events go with it.
      this.#outbox.delivered(row.id);
      this.#log("event.dropped", { subscription: row.subscription });
    }
  }
}

/** Throws when the destination did not take the event. */
type Send = (event: string, signal: AbortSignal) => void | Promise<void>;

function queueSender(queues: Queues, queue: string): Send {
  return (event) => {
    // Event Grid writes base64, which the queue trigger decodes.
    queues.put(queue, Buffer.from(event).toString("base64"));
  };
}

function webhookSender(url: string): Send {
  return async (event, signal) => {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "aeg-event-type": "Notification",
      },
      // Event Grid sends an array, of one event unless batching is on.
      body: `[${event}]`,
      signal: AbortSignal.any([
        signal,
        AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
      ]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  };
}

/** The events that wait for one destination. What fails goes to the end, so one bad event does not hold the rest. */
class Line {
  readonly #name: string;
  readonly #send: Send;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #waiting: OutboxRow[] = [];
  #failures = 0;
  #run: Promise<void> | undefined;
  #cancelPause: (() => void) | undefined;

  constructor(
    name: string,
    send: Send,
    outbox: Outbox,
    clock: Clock,
    log: Log,
  ) {
    this.#name = name;
    this.#send = send;
    this.#outbox = outbox;
    this.#clock = clock;
    this.#log = log;
  }

  add(row: OutboxRow): void {
    this.#waiting.push(row);
    if (!this.#run && !this.#cancelPause) this.#start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelPause?.();
    await this.#run;
  }

  #start(): void {
    this.#run = this.#deliverAll().finally(() => {
      this.#run = undefined;
      // What came after the last look at the list, and before this.
      const [row] = this.#waiting;
      if (row && !this.#cancelPause && !this.#stopping.signal.aborted)
        this.#start();
    });
  }

  async #deliverAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      const batch = this.#waiting.splice(0, AT_ONCE);
      const failed = await Promise.all(
        batch.map((row) => this.#hasFailed(row)),
      );
      this.#waiting.push(...batch.filter((_, at) => failed[at]));
      if (failed.includes(true)) {
        this.#pause();
        return;
      }
      this.#failures = 0;
    }
  }

  async #hasFailed(row: OutboxRow): Promise<boolean> {
    try {
      await this.#send(row.event, this.#stopping.signal);
      if (!this.#stopping.signal.aborted) this.#outbox.delivered(row.id);
      return false;
    } catch (error) {
      this.#log("event.notDelivered", {
        subscription: this.#name,
        failures: this.#failures + 1,
        reason: error instanceof Error ? error.message : String(error),
      });
      return true;
    }
  }

  #pause(): void {
    const delayMs = Math.min(
      RETRY_FIRST_MS * 2 ** this.#failures,
      RETRY_LONGEST_MS,
    );
    this.#failures += 1;
    if (this.#stopping.signal.aborted) return;
    this.#cancelPause = this.#clock.after(delayMs, () => {
      this.#cancelPause = undefined;
      this.#start();
    });
  }
}
