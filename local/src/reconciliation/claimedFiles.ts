import { createReadStream, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { foldersOf, type PackagedDefinition } from "../platform/definitions.ts";

/** A file that was dropped and claimed, and its rows as its bytes say. */
export interface ClaimedFile {
  readonly source: string;
  readonly rows: number;
}

/** The claimed files of a pipeline, by id. */
export async function readClaimedFiles(
  lakeDir: string,
  definition: PackagedDefinition,
): Promise<ReadonlyMap<string, ClaimedFile>> {
  const files = new Map<string, ClaimedFile>();
  for (const { source, folder } of foldersOf(definition)) {
    const root = join(lakeDir, "bronze", "files", folder);
    if (!existsSync(root)) continue;
    for (const entry of await readdir(root, {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) continue;
      const rows = await countRows(join(entry.parentPath, entry.name));
      files.set(basename(entry.parentPath), { source, rows });
    }
  }
  return files;
}

/** Records of a CSV file below its header. A line break within quotes ends no record; an empty line is none. */
export async function countRows(path: string): Promise<number> {
  let records = 0;
  let isQuoted = false;
  let hasContent = false;
  for await (const chunk of createReadStream(path, "utf8")) {
    for (const character of chunk as string) {
      if (character === '"') isQuoted = !isQuoted;
      const isEnd = character === "\n" && !isQuoted;
      if (isEnd && hasContent) records += 1;
      if (isEnd) hasContent = false;
      else if (character.trim() !== "") hasContent = true;
    }
  }
  if (hasContent) records += 1;
  return Math.max(0, records - 1);
}
