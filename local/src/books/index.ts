import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Clients } from "../platform/clients.ts";
import { readProvision, type PlatformFolders } from "../platform/context.ts";
import { findDifferences, type Entries } from "./balance.ts";
import { readBronze } from "./bronze.ts";
import { readDocuments, type Documents } from "./documents.ts";
import type { Range } from "./positions.ts";
import { readTables } from "./tables.ts";

/** What the books need of a compiled pipeline. */
interface Definition {
  readonly pipeline: string;
  readonly sources: Readonly<
    Record<
      string,
      | { kind: "events"; hub: string }
      | { kind: "files"; folder: string; format: string }
    >
  >;
  readonly gold: Readonly<Record<string, { readonly key: readonly string[] }>>;
}

export interface Books extends Entries {
  readonly differences: readonly string[];
}

/** Closes the books of the sample's pipeline: every figure is read again from its own source. */
export async function closeBooks(
  folders: PlatformFolders,
  clients: Clients,
  pipeline: string,
  sent: number | undefined,
): Promise<Books> {
  const lakeDir = join(folders.stateDir, "lake");
  const path = join(
    folders.projectDir,
    "out",
    "app",
    "pipelines",
    `${pipeline}.json`,
  );
  const definition = JSON.parse(await readFile(path, "utf8")) as Definition;
  const [source, hub] = eventSource(definition);
  const keys = Object.fromEntries(
    Object.entries(definition.gold).map(([table, { key }]) => [table, key]),
  );
  const [ranges, bronze, files, tables, documents] = await Promise.all([
    hubRanges(clients, hub),
    readBronze(lakeDir, hub),
    claimedFiles(lakeDir, definition),
    readTables(
      folders.toolsDir,
      folders.projectDir,
      folders.stateDir,
      pipeline,
      keys,
    ),
    readAllDocuments(
      clients,
      readProvision(folders.projectDir).cosmos.database,
      pipeline,
      Object.keys(keys),
    ),
  ]);
  const entries: Entries = {
    source,
    sent,
    hub: ranges,
    bronze,
    files,
    tables,
    documents,
  };
  return { ...entries, differences: findDifferences(entries) };
}

function eventSource({
  pipeline,
  sources,
}: Definition): [source: string, hub: string] {
  for (const [name, source] of Object.entries(sources))
    if (source.kind === "events") return [name, source.hub];
  throw new Error(`The pipeline ${pipeline} has no event source.`);
}

async function hubRanges(
  clients: Clients,
  hub: string,
): Promise<ReadonlyMap<string, Range>> {
  const producer = clients.producer(hub);
  try {
    const ranges = new Map<string, Range>();
    for (const id of await producer.getPartitionIds()) {
      const { beginningSequenceNumber, lastEnqueuedSequenceNumber, isEmpty } =
        await producer.getPartitionProperties(id);
      if (!isEmpty)
        ranges.set(id, [beginningSequenceNumber, lastEnqueuedSequenceNumber]);
    }
    return ranges;
  } finally {
    await producer.close();
  }
}

async function claimedFiles(
  lakeDir: string,
  { sources }: Definition,
): Promise<Entries["files"]> {
  const files = new Map<string, { source: string; rows: number }>();
  for (const [source, { kind, ...rest }] of Object.entries(sources)) {
    if (kind !== "files" || !("folder" in rest)) continue;
    const root = join(lakeDir, "bronze", "files", rest.folder);
    if (!existsSync(root)) continue;
    for (const entry of await readdir(root, {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) continue;
      files.set(basename(entry.parentPath), {
        source,
        rows: await countRows(join(entry.parentPath, entry.name)),
      });
    }
  }
  return files;
}

/** Lines of a CSV file below its header; the sample's files have no line breaks within quotes. */
async function countRows(path: string): Promise<number> {
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(path) }))
    if (line.trim() !== "") lines += 1;
  return Math.max(0, lines - 1);
}

async function readAllDocuments(
  { cosmos }: Clients,
  database: string,
  pipeline: string,
  tables: readonly string[],
): Promise<ReadonlyMap<string, Documents>> {
  const read = await Promise.all(
    tables.map(
      async (table) =>
        [
          table,
          await readDocuments(cosmos, database, `${pipeline}_${table}`),
        ] as const,
    ),
  );
  return new Map(read);
}
