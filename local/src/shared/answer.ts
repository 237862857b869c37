import type {
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from "node:http";
import type { Fault } from "./faults.ts";
import type { Log } from "./log.ts";

/** An error of a service's own table: the caller is told. Any other one is a fault of the service, and is logged. */
export class Refusal extends Error {}

/** A request, read as far as fault rules look. */
export interface Opened<Reply> {
  readonly fault: Fault | undefined;
  work(): Reply | Promise<Reply>;
}

/** One request of a service: what its protocol makes of work, errors and planned faults. */
export interface Answering<Reply> {
  open(): Opened<Reply> | Promise<Opened<Reply>>;
  /** The answer that a fault rule asks for, before any work. */
  planned(status: number): Reply;
  /** The answer to an error. One that is no `Refusal` has been logged already. */
  refused(error: unknown): Reply;
  send(reply: Reply): void | Promise<void>;
  /** Gives back what an answer holds that is not sent. */
  discard?(reply: Reply): void;
}

/** The way from a request to its answer, the same for every HTTP service: fault rules, work, errors. */
export function answering<Reply>(
  service: string,
  log: Log,
  begin: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Answering<Reply>,
): RequestListener {
  return (request, response) => {
    const failed = (error: unknown): void => {
      const [path = ""] = (request.url ?? "").split("?");
      const { method } = request;
      log(`${service}.failed`, { method, path, message: told(error) });
    };
    answer(request, begin(request, response), failed).catch(
      (error: unknown) => {
        failed(error);
        request.socket.destroy();
      },
    );
  };
}

async function answer<Reply>(
  request: IncomingMessage,
  answering: Answering<Reply>,
  failed: (error: unknown) => void,
): Promise<void> {
  let fault: Fault | undefined;
  let reply: Reply;
  try {
    const opened = await answering.open();
    fault = opened.fault;
    if (fault?.action === "hang") {
      request.resume();
      return;
    }
    reply =
      fault?.action === "refuse"
        ? answering.planned(fault.status ?? 503)
        : await opened.work();
  } catch (error) {
    if (!(error instanceof Refusal)) failed(error);
    reply = answering.refused(error);
  }
  if (fault?.action !== "lose") {
    await answering.send(reply);
    return;
  }
  answering.discard?.(reply);
  request.socket.destroy();
}

const told = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
