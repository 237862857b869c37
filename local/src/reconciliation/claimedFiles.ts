import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { foldersOf, type PackagedDefinition } from "../platform/definitions.ts";
import { countRows } from "./fileRows.ts";

/** A file that was dropped and claimed, and its rows as its bytes say. */
export interface ClaimedFile {
  readonly source: string;
  /** Nothing, where they cannot be counted without Spark. */
  readonly rows: number | undefined;
}

/** The claimed files of a pipeline, by id. */
export async function readClaimedFiles(
  lakeDir: string,
  definition: PackagedDefinition,
): Promise<ReadonlyMap<string, ClaimedFile>> {
  const files = new Map<string, ClaimedFile>();
  for (const { source, folder, format } of foldersOf(definition)) {
    const root = join(lakeDir, "bronze", "files", folder);
    if (!existsSync(root)) continue;
    for (const entry of await readdir(root, {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) continue;
      const rows = await countRows(
        join(entry.parentPath, entry.name),
        format ?? { kind: "csv" },
      );
      files.set(basename(entry.parentPath), { source, rows });
    }
  }
  return files;
}
