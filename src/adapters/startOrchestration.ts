import type { DurableClient } from "durable-functions";

/** What starts orchestrations: a durable client. */
export type Starter = Pick<DurableClient, "startNew">;

export interface StartResult {
  /** `recent`: this process asked for it a moment ago, and did not ask again. */
  readonly outcome: "started" | "running" | "recent" | "failed";
  readonly message?: string;
}

/** Best effort: it never rejects. The sweep is the guarantee. */
export async function startOrchestration(
  client: Starter,
  name: string,
  instanceId: string,
  input: Readonly<Record<string, string>>,
): Promise<StartResult> {
  try {
    await client.startNew(name, { instanceId, input });
    return { outcome: "started" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Newer extensions answer 409 for an instance that runs, older ones 500: only the text tells.
    const isRunning = /409|already|exists|running/i.test(message);
    return { outcome: isRunning ? "running" : "failed", message };
  }
}
