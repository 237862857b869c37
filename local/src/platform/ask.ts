import { setTimeout as delay } from "node:timers/promises";
import type { Clients } from "./clients.ts";

export const POLL_MS = 200;

/** An answer may fail once, while a service starts again; the same failure again and again is told. */
const MAX_REFUSALS = 25;

/** The answer of the app's API to a question that it always has an answer to. */
export async function ask<Answer>(
  clients: Clients,
  path: string,
): Promise<Answer> {
  for (let refusals = 1; ; refusals += 1) {
    const { status, body } = await clients.get(path);
    if (status === 200) return body as Answer;
    if (refusals >= MAX_REFUSALS)
      throw new Error(
        `The app does not answer ${path}: ${status} ${JSON.stringify(body ?? "")}`,
      );
    await delay(POLL_MS);
  }
}
