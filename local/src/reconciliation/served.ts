import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clients } from "../platform/clients.ts";
import { readProvision, type PlatformFolders } from "../platform/context.ts";
import {
  servingSinks,
  type PackagedDefinition,
} from "../platform/definitions.ts";
import { readDocuments, type Documents } from "./documents.ts";

/** Documents of a serving sink that Cosmos DB refuses by their own fault. */
interface RefusedDocuments {
  /** As the sink's head counts them. */
  readonly counted: number;
  /** Their files in the lake, by table. */
  readonly byTable: Readonly<Record<string, number>>;
}

/** What one sink serves, by table. */
export interface ServedTables {
  readonly sink: string;
  readonly documents: ReadonlyMap<string, Documents>;
  readonly refused: RefusedDocuments;
}

export async function readServed(
  { projectDir, stateDir }: PlatformFolders,
  { cosmos }: Clients,
  definition: PackagedDefinition,
): Promise<ServedTables[]> {
  const { pipeline, sinks } = definition;
  const { database } = readProvision(projectDir).cosmos;
  const lakeDir = join(stateDir, "lake");
  return Promise.all(
    servingSinks(definition).map(async (sink) => {
      const documents = await Promise.all(
        (sinks[sink]?.tables ?? []).map(
          async (table) =>
            [
              table,
              await readDocuments(cosmos, database, `${pipeline}_${table}`),
            ] as const,
        ),
      );
      const refused = await readRefused(lakeDir, pipeline, sink);
      return { sink, documents: new Map(documents), refused };
    }),
  );
}

async function readRefused(
  lakeDir: string,
  pipeline: string,
  sink: string,
): Promise<RefusedDocuments> {
  const dir = join(lakeDir, "_assay", "pipelines", pipeline, "sinks", sink);
  const head = join(dir, "head.json");
  const counted = existsSync(head)
    ? (JSON.parse(await readFile(head, "utf8")) as { refused: number }).refused
    : 0;
  const root = join(dir, "refused");
  const byTable: Record<string, number> = {};
  for (const table of existsSync(root) ? await readdir(root) : [])
    byTable[table] = (await readdir(join(root, table))).length;
  return { counted, byTable };
}
