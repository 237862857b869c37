import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { documentSchemas } from "../../src/domain/schemas/index.ts";
import { provisionFile } from "./provisionFile.ts";

const ENDING = ".schema.json";

/**
 * Each document of the lake, and what is provisioned, as JSON Schema 2020-12, by the name of its file. The jobs read
 * and write the same documents of the lake.
 */
export const schemaFiles = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...documentSchemas, provision: provisionFile }).map(
      ([name, schema]) => [
        `${name}${ENDING}`,
        `${JSON.stringify({ ...z.toJSONSchema(schema), title: name }, null, 2)}\n`,
      ],
    ),
  );

/** Writes them, and removes the one of a document that is no more. */
export function writeSchemas(projectDir: string): void {
  const folder = join(projectDir, "schemas");
  const files = schemaFiles();
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder))
    if (file.endsWith(ENDING) && files[file] === undefined)
      rmSync(join(folder, file));
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(folder, file), text);
}
