/**
 * `npm run sql -- "SELECT …"`: a statement over silver, gold and quarantine of a running platform, through the
 * workspace's Statement Execution API. `silver.flights` means the pipeline's own schema, as in a gold file.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Clients } from "../platform/clients.ts";
import { readFolders } from "../platform/folders.ts";
import { UsageError } from "./options.ts";
import { runningClients } from "./running.ts";
import { inPipeline } from "./schemas.ts";
import { renderRows } from "./rows.ts";
import { complain, say } from "./say.ts";

interface Statement {
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

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { pipeline: { type: "string", default: "flights" } },
  });
  const [text, ...rest] = positionals;
  if (text === undefined || rest.length > 0) {
    throw new UsageError(
      `Usage: npm run sql -- [--pipeline flights] "SELECT * FROM gold.airport_delays LIMIT 5"`,
    );
  }
  const clients = await runningClients(readFolders().stateDir);
  const statement = await execute(clients, inPipeline(text, values.pipeline));
  if (statement.status.state !== "SUCCEEDED") {
    throw new Error(
      statement.status.error?.message ??
        `The statement ended as ${statement.status.state}.`,
    );
  }
  const columns =
    statement.manifest?.schema.columns.map(({ name }) => name) ?? [];
  say(renderRows(columns, statement.result?.data_array ?? []));
  if (statement.manifest?.truncated === true)
    say("… more rows: add a LIMIT to choose which you see.");
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

try {
  await main();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
