import { setTimeout as delay } from "node:timers/promises";
import { AssayError } from "../../errors.ts";
import type { Config } from "../../config.ts";
import type { Identity } from "../identity/index.ts";
import { DatabricksRefusal } from "./errors.ts";

/** The Azure Databricks resource: the same in every tenant. */
const SCOPE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";
const REQUEST_TIMEOUT_MS = 30_000;
/** The vendor's own SDKs repeat 429 and 503 and no other status. */
const REPEATED = new Set([429, 503]);
const TRIES = 6;
const LONGEST_PAUSE_MS = 30_000;

export interface DatabricksClient {
  get(path: string): Promise<unknown>;
  /** Repeated after a lost answer: only for requests that bring their own idempotency token. */
  post(path: string, body: unknown): Promise<unknown>;
}

/** The vendor's JavaScript SDK says that it is not for production; three calls need none. */
export function databricksClient(
  config: Config,
  identity: Identity,
): DatabricksClient {
  const attempt = async (
    method: string,
    path: string,
    body: unknown,
  ): Promise<Response> => {
    const host = config.databricks.host.replace(/\/$/, "");
    const token = await (await identity()).getToken(SCOPE);
    return fetch(`${host}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token?.token ?? ""}`,
        "content-type": "application/json",
      },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };

  const request = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<unknown> => {
    for (let tries = 1; ; tries += 1) {
      const answer = await attempt(method, path, body).catch(
        (error: unknown) => {
          // A setting that is missing is not there at the next try either.
          if (error instanceof AssayError) throw error;
          if (tries >= TRIES)
            throw new DatabricksRefusal(`${method} ${path}`, String(error), {
              cause: error,
            });
          return undefined;
        },
      );
      if (answer?.ok) return answer.json();
      if (answer && (!REPEATED.has(answer.status) || tries >= TRIES))
        throw new DatabricksRefusal(`${method} ${path}`, await answer.text(), {
          status: answer.status,
        });
      await delay(pauseMs(tries, answer?.headers.get("retry-after")));
    }
  };

  return {
    get: (path) => request("GET", path),
    post: (path, body) => request("POST", path, body),
  };
}

function pauseMs(tries: number, retryAfter: string | null | undefined): number {
  const asked = Number(retryAfter ?? Number.NaN) * 1000;
  const pause = Number.isFinite(asked) ? asked : 500 * 2 ** (tries - 1);
  return Math.min(pause, LONGEST_PAUSE_MS);
}
