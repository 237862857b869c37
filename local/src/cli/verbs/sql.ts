/**
 * `npm run sql -- "SELECT …"`: a statement over silver, gold and quarantine of a running platform, through the
 * workspace's Statement Execution API. `silver.<table>` means the pipeline's own schema, as in a gold file. What may
 * change something is refused without `--write`.
 */
import type { Arguments } from "../../../../scripts/arguments.mjs";
import {
  packagedDefinitions,
  type PackagedDefinition,
} from "../../platform/definitions.ts";
import { projectDir, readFolders } from "../../platform/folders.ts";
import { inPipeline } from "../inPipeline.ts";
import { needPipeline } from "../named.ts";
import { needReading } from "../reading.ts";
import { renderRows } from "../rows.ts";
import { runningClients } from "../running.ts";
import { say, terminalWidth } from "../say.ts";
import { runStatement } from "../statement.ts";

export async function sql(args: Arguments): Promise<void> {
  const { text, pipeline } = readStatement(args);
  const folders = readFolders();
  const resolved = inPipeline(text, pipeline);
  if (!args.flags.has("write")) await needReading(folders, resolved);
  const clients = await runningClients(folders.stateDir);
  const statement = await runStatement(clients, resolved);
  const columns =
    statement.manifest?.schema.columns.map(({ name }) => name) ?? [];
  const rows = statement.result?.data_array ?? [];
  // A program that reads the output gets whole values.
  const width = process.stdout.isTTY ? terminalWidth() : Infinity;
  say(renderRows(columns, rows, width));
  if (statement.manifest?.truncated === true)
    say("… more rows: add a LIMIT to choose which you see.");
}

/** The pipeline need not be named where there is only one, or where only one has the tables that the statement names. */
function readStatement({ positionals, values }: Arguments): {
  text: string;
  pipeline: string;
} {
  const [text = ""] = positionals;
  const definitions = packagedDefinitions(projectDir);
  const able = definitions.filter((each) => hasTablesOf(text, each));
  const [only, ...others] = able.length === 0 ? definitions : able;
  const named =
    values.get("pipeline") ??
    (others.length === 0 ? only?.pipeline : undefined);
  return { text, pipeline: needPipeline(named, definitions).pipeline };
}

const TABLE = /\b(silver|gold)\.`?(\w+)/gi;

/** Whether each table that the statement names may be one of the pipeline's: of a source, or of gold. */
export function hasTablesOf(
  text: string,
  { sources, gold }: PackagedDefinition,
): boolean {
  return [...text.matchAll(TABLE)].every(([, layer = "", table = ""]) =>
    layer.toLowerCase() === "gold"
      ? Object.hasOwn(gold, table)
      : Object.keys(sources).some((source) =>
          [source, `${source}_log`, `${source}_quarantine`].includes(table),
        ),
  );
}
