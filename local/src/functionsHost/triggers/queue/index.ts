import { messageOf } from "../../app/appFault.ts";
import { required, type AppFunction } from "../../app/appFunctions.ts";
import type { Host, Listener, StartTrigger } from "../hostContext.ts";
import { FIRST_POLL_MS, MESSAGE_LEASE_MS } from "../../limits.ts";
import { pause } from "../shared/pause.ts";
import { connectionSetting } from "../../app/appSettings.ts";
import { bindMessage } from "./bindMessage.ts";
import { openQueue, type Message, type Queue } from "./messages.ts";
import { queueOptions, type QueueOptions } from "./options.ts";

export const startQueues: StartTrigger = (host, functions) => {
  const options = queueOptions(host.hostJson);
  const listeners = functions.map((fn) => startQueue(host, fn, options));
  return Promise.resolve({
    async stop() {
      await Promise.all(listeners.map((listener) => listener.stop()));
    },
  });
};

/** Polls a queue: at once while there are messages, ever more slowly while there are none. */
function startQueue(
  host: Host,
  fn: AppFunction,
  options: QueueOptions,
): Listener {
  const name = required(fn, "queueName");
  const serviceUri = connectionSetting(
    required(fn, "connection"),
    "queueServiceUri",
    `The function '${fn.name}'`,
  );
  const queue = openQueue(host, serviceUri, name);
  const poison = openQueue(host, serviceUri, `${name}-poison`);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const handle = async (message: Message): Promise<void> => {
    const held = hold(host, queue, message);
    try {
      const isPoison = message.dequeueCount > options.maxDequeueCount;
      if (!isPoison && (await isHandled(host, fn, message, options))) {
        await queue.remove(await held.release());
        return;
      }
      const kept = await held.release();
      if (message.dequeueCount < options.maxDequeueCount)
        await queue.hide(kept, options.hiddenAfterFailureMs);
      else {
        await poison.put(message.text);
        await queue.remove(kept);
        host.log("queue.poison", { function: fn.name, message: message.id });
      }
    } catch (error) {
      // The message shows again when its time is over.
      const reason = messageOf(error);
      host.log("queue.failed", { function: fn.name, queue: name, reason });
      await held.release();
    }
  };

  const poll = async (): Promise<void> => {
    let waitMs = FIRST_POLL_MS;
    while (!stopping.signal.aborted) {
      const messages = await queue
        .take(options.batchSize, MESSAGE_LEASE_MS, stopping.signal)
        .catch((error: unknown): Message[] => {
          if (!stopping.signal.aborted)
            host.log("queue.failed", {
              function: fn.name,
              queue: name,
              reason: messageOf(error),
            });
          return [];
        });
      for (const message of messages) {
        const work = handle(message).finally(() => running.delete(work));
        running.add(work);
      }
      if (messages.length === 0) {
        await pause(host.clock, waitMs, stopping.signal);
        waitMs = Math.min(waitMs * 2, options.maxPollingMs);
        continue;
      }
      waitMs = FIRST_POLL_MS;
      while (running.size > options.newBatchThreshold)
        await Promise.race(running);
    }
  };
  const polling = poll();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
}

async function isHandled(
  host: Host,
  fn: AppFunction,
  message: Message,
  { isBase64 }: QueueOptions,
): Promise<boolean> {
  const outcome = await host.worker.run(fn.name, () =>
    bindMessage(host, fn, message, isBase64),
  );
  return outcome.ok;
}

/** Keeps a message hidden for as long as its function runs. */
function hold(
  { clock }: Host,
  queue: Queue,
  message: Message,
): { release(): Promise<Message> } {
  let latest = Promise.resolve(message);
  let cancel = (): void => undefined;
  const renewLater = (): void => {
    cancel = clock.after(MESSAGE_LEASE_MS / 2, () => {
      latest = latest.then((held) =>
        // A renewal that fails leaves the message to whoever sees it next.
        queue.hide(held, MESSAGE_LEASE_MS).catch(() => held),
      );
      renewLater();
    });
  };
  renewLater();
  return {
    release() {
      cancel();
      return latest;
    },
  };
}
