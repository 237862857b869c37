/**
 * `npm run sql -- "SELECT …"`: a statement over silver, gold and quarantine of a running platform, through the
 * workspace's Statement Execution API. `silver.<table>` means the pipeline's own schema, as in a gold file. What may
 * change something is refused without `--write`.
 */
import type { Arguments } from "../../../../scripts/arguments.mjs";
import { setTimeout as delay } from "node:timers/promises";
import type { Clients } from "../../platform/clients.ts";
import { packagedDefinitions } from "../../platform/definitions.ts";
import { projectDir, readFolders } from "../../platform/folders.ts";
import { inPipeline } from "../inPipeline.ts";
import { needPipeline } from "../named.ts";
import { needReading } from "../reading.ts";
import { renderRows } from "../rows.ts";
import { runningClients } from "../running.ts";
import { say, terminalWidth } from "../say.ts";

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

export async function sql(args: Arguments): Promise<void> {
  const { text, pipeline } = readStatement(args);
  const folders = readFolders();
  const resolved = inPipeline(text, pipeline);
  if (!args.flags.has("write")) await needReading(folders, resolved);
  const clients = await runningClients(folders.stateDir);
  const statement = await execute(clients, resolved);
  if (statement.status.state !== "SUCCEEDED") {
    throw new Error(
      statement.status.error?.message ??
        `The statement ended as ${statement.status.state}.`,
    );
  }
  const columns =
    statement.manifest?.schema.columns.map(({ name }) => name) ?? [];
  const rows = statement.result?.data_array ?? [];
  // A program that reads the output gets whole values.
  const width = process.stdout.isTTY ? terminalWidth() : Infinity;
  say(renderRows(columns, rows, width));
  if (statement.manifest?.truncated === true)
    say("… more rows: add a LIMIT to choose which you see.");
}

/** The pipeline need not be named where there is only one. */
function readStatement({ positionals, values }: Arguments): {
  text: string;
  pipeline: string;
} {
  const [text = ""] = positionals;
  const definitions = packagedDefinitions(projectDir);
  const [only, ...others] = definitions;
  const named =
    values.get("pipeline") ??
    (others.length === 0 ? only?.pipeline : undefined);
  return { text, pipeline: needPipeline(named, definitions).pipeline };
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
