import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../../scripts/arguments.mjs";
import type { Clients } from "../platform/clients.ts";
import { linesOf } from "./lines.ts";
import { say } from "./say.ts";
import { stopwatch } from "./stopwatch.ts";

export interface FileToSend {
  /** `-` is standard input. */
  readonly path: string;
  /** The property whose value is an event's partition key: events of one key stay in their order. */
  readonly key: string | undefined;
}

/** npm runs a script in the project's folder, and says in which one the person is. */
export function needFile(path: string): string {
  if (path === "-") return path;
  const found = resolve(process.env["INIT_CWD"] ?? "", path);
  if (!existsSync(found)) throw new UsageError(`There is no file '${found}'.`);
  return found;
}

/**
 * Sends each line of a file as an event, in the order of the file within a partition. The vendor's client holds no more
 * than some thousand events, and lets the reader wait.
 * @returns how many the hub has acknowledged
 */
export async function sendFile(
  clients: Clients,
  hub: string,
  { path, key }: FileToSend,
  onSent: (count: number) => void,
): Promise<number> {
  const watch = stopwatch();
  let sent = 0;
  let failure: Error | undefined;
  const progress = showProgress(() => sent, watch.total);
  const producer = clients.bufferedProducer(hub, {
    onSendEventsSuccessHandler: ({ events }) => {
      sent += events.length;
      onSent(events.length);
    },
    onSendEventsErrorHandler: ({ error }) => {
      failure ??= error;
    },
  });
  try {
    const input = path === "-" ? process.stdin : createReadStream(path);
    for await (const { number, line } of linesOf(input)) {
      if (failure !== undefined) break;
      const event = { body: line };
      if (key === undefined) await producer.enqueueEvent(event);
      else
        await producer.enqueueEvent(event, {
          partitionKey: keyOf(line, key, number),
        });
    }
  } finally {
    await producer.close({ flush: true });
    progress.end();
    say(`Sent: ${hub}, ${speed(sent, watch.total())}.`);
  }
  if (failure !== undefined)
    throw new Error(
      `${failure.message}\n${sent} events are in the hub, the others are not.`,
    );
  return sent;
}

/** The value as a text: numbers and texts make keys. */
export function keyOf(line: Buffer, key: string, number: number): string {
  let value: unknown;
  try {
    const event = JSON.parse(line.toString()) as unknown;
    value =
      typeof event === "object" && event !== null && Object.hasOwn(event, key)
        ? (event as Record<string, unknown>)[key]
        : undefined;
  } catch {
    throw new Error(
      `Line ${number} is no JSON, so it has no '${key}': leave --key out to send it all the same.`,
    );
  }
  if (typeof value !== "string" && typeof value !== "number")
    throw new Error(
      `Line ${number} has no text or number '${key}': name another property, or leave --key out.`,
    );
  return String(value);
}

const speed = (count: number, seconds: number): string =>
  `${count} events in ${seconds.toFixed(1)} s (${Math.round(count / Math.max(seconds, 0.001))} a second)`;

const TERMINAL_MS = 500;
const LINES_MS = 10_000;

/** On a terminal one line that changes, else a line now and then. */
function showProgress(
  count: () => number,
  seconds: () => number,
): { end(): void } {
  const { isTTY } = process.stdout;
  const timer = setInterval(
    () => {
      const text = `  ${speed(count(), seconds())} …`;
      if (isTTY) process.stdout.write(`\r${text} `);
      else say(text);
    },
    isTTY ? TERMINAL_MS : LINES_MS,
  );
  return {
    end() {
      clearInterval(timer);
      if (isTTY) process.stdout.write("\r\u001b[K");
    },
  };
}
