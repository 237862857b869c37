import { setTimeout as delay } from "node:timers/promises";
import type { Clients } from "../platform/clients.ts";

export interface Statement {
  readonly statement_id: string;
  readonly status: {
    readonly state: string;
    readonly error?: {
      readonly error_code?: string;
      readonly message?: string;
    };
  };
  readonly manifest?: {
    readonly schema: { readonly columns: readonly { readonly name: string }[] };
    readonly truncated?: boolean;
  };
  readonly result?: {
    readonly data_array?: readonly (readonly (string | null)[])[];
  };
}

const POLL_MS = 200;
/** A terminal is no place for more. */
const MOST_ROWS = 1000;

/** Runs a statement through the workspace's Statement Execution API. One that fails is thrown as Spark says it. */
export async function runStatement(
  clients: Clients,
  text: string,
): Promise<Statement> {
  const statement = await execute(clients, text);
  const { state, error } = statement.status;
  if (state === "SUCCEEDED") return statement;
  throw new Error(error?.message ?? `The statement ended as ${state}.`);
}

async function execute(clients: Clients, text: string): Promise<Statement> {
  const path = "/api/2.0/sql/statements";
  let answer = await clients.databricks("POST", path, {
    warehouse_id: "local",
    statement: text,
    wait_timeout: "30s",
    row_limit: MOST_ROWS,
  });
  for (;;) {
    if (answer.status >= 400)
      throw new Error(
        (answer.body as { message?: string }).message ?? `${answer.status}`,
      );
    const statement = answer.body as Statement;
    if (
      statement.status.state !== "PENDING" &&
      statement.status.state !== "RUNNING"
    )
      return statement;
    await delay(POLL_MS);
    answer = await clients.databricks(
      "GET",
      `${path}/${statement.statement_id}`,
    );
  }
}
