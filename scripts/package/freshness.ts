import { createHash, type Hash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** What the staged folder is made from. */
const MADE_FROM = [
  "src",
  "pipelines",
  "scripts/package",
  "databricks/src",
  "package.json",
  "package-lock.json",
  "host.json",
];

/** What packaging makes: when one of them is gone, it is made again. */
const MADE = ["out/app", "infra/generated/pipelines.json"];

const stampPath = (projectDir: string): string =>
  join(projectDir, "out", "made-from");

/** Whether all is there that was made from exactly these sources. */
export function isFresh(projectDir: string, sources: string): boolean {
  const stamp = stampPath(projectDir);
  return (
    MADE.every((path) => existsSync(join(projectDir, path))) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === sources
  );
}

export function remember(projectDir: string, sources: string): void {
  writeFileSync(stampPath(projectDir), sources);
}

/** Of the files that are here now: some hundred small ones, read in milliseconds. */
export function digestOfSources(projectDir: string): string {
  const hash = createHash("sha256");
  for (const path of MADE_FROM) {
    if (statSync(join(projectDir, path)).isDirectory())
      addFolder(hash, projectDir, path);
    else addFile(hash, projectDir, path);
  }
  return hash.digest("hex");
}

function addFolder(hash: Hash, projectDir: string, path: string): void {
  const entries = readdirSync(join(projectDir, path), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === "__pycache__" || entry.name.endsWith(".egg-info"))
      continue;
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) addFolder(hash, projectDir, child);
    else if (entry.isFile()) addFile(hash, projectDir, child);
  }
}

function addFile(hash: Hash, projectDir: string, path: string): void {
  hash.update(path).update(readFileSync(join(projectDir, path)));
}
