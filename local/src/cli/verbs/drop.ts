/**
 * `npm run drop -- <pipeline> [<table>]`: deletes what a pipeline, or a gold table, that is gone from `pipelines/` has
 * left behind. What is in bronze stays: it belongs to the hubs and folders, which other pipelines may read.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Arguments, UsageError } from "../../../../scripts/arguments.mjs";
import type { Clients } from "../../platform/clients.ts";
import { readProvision, type PlatformFolders } from "../../platform/context.ts";
import {
  packagedDefinitions,
  type PackagedDefinition,
} from "../../platform/definitions.ts";
import { readFolders } from "../../platform/folders.ts";
import {
  pipelinesIn,
  tablesEver,
  tablesIn,
  type Leftover,
} from "../../platform/leftovers.ts";
import { confirm } from "../confirm.ts";
import { needNamed } from "../named.ts";
import { runningClients } from "../running.ts";
import { say } from "../say.ts";
import { runStatement } from "../statement.ts";

export async function drop(args: Arguments): Promise<number> {
  const folders = readFolders();
  const definitions = packagedDefinitions(folders.projectDir);
  const wanted = readDrop(args, folders, definitions);
  const clients = await runningClients(folders.stateDir);
  if (!args.flags.has("yes") && !(await confirm(questionOf(wanted)))) {
    say("Nothing is deleted.");
    return 1;
  }
  if (wanted.table === undefined)
    await dropPipeline(folders, clients, wanted.pipeline);
  else await dropTable(folders, clients, wanted.pipeline, wanted.table);
  return 0;
}

/** Refuses whatever is still in use, with what to do first. */
export function readDrop(
  { positionals }: Arguments,
  { projectDir, stateDir }: PlatformFolders,
  definitions: readonly PackagedDefinition[],
): Leftover {
  const [name, table] = positionals;
  const pipeline = needNamed("pipeline", pipelinesIn(stateDir), name);
  const folder = join("pipelines", pipeline);
  const definition = definitions.find((one) => one.pipeline === pipeline);
  if (table === undefined) {
    if (existsSync(join(projectDir, folder)))
      throw new UsageError(
        `${folder} is still there: remove it and start again, then drop what it leaves. Or name one of its tables.`,
      );
    if (definition !== undefined)
      throw new UsageError(
        `The app that runs still has ${pipeline}: start again, then drop it.`,
      );
    return { pipeline };
  }
  needNamed(`table of ${pipeline}`, tablesIn(stateDir, pipeline), table);
  const file = join(folder, "gold", `${table}.sql`);
  if (existsSync(join(projectDir, file)))
    throw new UsageError(
      `${file} is still there: remove it and start again, then drop what it leaves.`,
    );
  if (definition !== undefined && table in definition.gold)
    throw new UsageError(
      `The app that runs still has the table ${table}: start again, then drop it.`,
    );
  return { pipeline, table };
}

const questionOf = ({ pipeline, table }: Leftover): string =>
  table === undefined
    ? `This deletes the tables, the documents and the state of ${pipeline} for good; bronze stays. Drop ${pipeline}?`
    : `This deletes the gold table ${table} of ${pipeline} and its documents for good. Drop ${table}?`;

/** The state goes last: what a killed drop leaves is named at the next start. */
async function dropPipeline(
  folders: PlatformFolders,
  clients: Clients,
  pipeline: string,
): Promise<void> {
  const { projectDir, stateDir } = folders;
  for (const table of tablesEver(stateDir, pipeline))
    await dropDocuments(folders, clients, pipeline, table);
  for (const layer of ["gold", "silver"]) {
    const schema = `${pipeline}_${layer}`;
    await runStatement(clients, `DROP SCHEMA IF EXISTS \`${schema}\` CASCADE`);
    await removeFolder(folders, `${schema}.db`);
    say(`Deleted: the tables of ${schema}`);
  }
  const lake = clients.lake(readProvision(projectDir).lake.container);
  for (const path of [
    `_assay/definitions/${pipeline}`,
    `_assay/pipelines/${pipeline}`,
  ]) {
    await lake.getDirectoryClient(path).deleteIfExists(true);
    say(`Deleted: ${path} of the lake`);
  }
  say("Bronze is as it was: a new pipeline of this name begins from there.");
}

async function dropTable(
  folders: PlatformFolders,
  clients: Clients,
  pipeline: string,
  table: string,
): Promise<void> {
  await dropDocuments(folders, clients, pipeline, table);
  const schema = `${pipeline}_gold`;
  await runStatement(
    clients,
    `DROP TABLE IF EXISTS \`${schema}\`.\`${table}\``,
  );
  await removeFolder(folders, `${schema}.db`, table);
  say(`Deleted: the table ${schema}.${table}`);
}

async function dropDocuments(
  { projectDir }: PlatformFolders,
  { cosmos }: Clients,
  pipeline: string,
  table: string,
): Promise<void> {
  const { database, containers } = readProvision(projectDir).cosmos;
  const name = `${pipeline}_${table}`;
  // Another pipeline's name and table may make the same name.
  if (containers.some((one) => one.name === name)) return;
  const container = cosmos.database(database).container(name);
  try {
    await container.delete();
    say(`Deleted: the container ${name} with its documents`);
  } catch (error) {
    if ((error as { code?: number }).code !== 404) throw error;
  }
}

/** A table that Spark found at its start is one of a folder: it forgets the table, and leaves the files. */
const removeFolder = (
  { stateDir }: PlatformFolders,
  ...path: string[]
): Promise<void> =>
  rm(join(stateDir, "warehouse", ...path), { recursive: true, force: true });
