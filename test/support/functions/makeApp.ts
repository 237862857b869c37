import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const modules = join(import.meta.dirname, "../../../node_modules");

/** An app of these files in a folder of its own, with this checkout's packages. */
export function makeApp(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "assay-app-"));
  symlinkSync(modules, join(dir, "node_modules"));
  const all = {
    "package.json": JSON.stringify({ name: "made", main: "index.js" }),
    "host.json": JSON.stringify({ version: "2.0" }),
    ...files,
  };
  for (const [name, text] of Object.entries(all))
    if (text !== "") writeFileSync(join(dir, name), text);
  return dir;
}
