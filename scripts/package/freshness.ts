import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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

const stampPath = (projectDir: string): string =>
  join(projectDir, "out", "made-from");

/** Whether `out/app` was staged from exactly the files that are here now: some hundred small ones, read in milliseconds. */
export function isFresh(projectDir: string): boolean {
  const path = stampPath(projectDir);
  return existsSync(path) && readFileSync(path, "utf8") === digest(projectDir);
}

export function remember(projectDir: string): void {
  writeFileSync(stampPath(projectDir), digest(projectDir));
}

function digest(projectDir: string): string {
  const hash = createHash("sha256");
  for (const path of MADE_FROM) add(hash, projectDir, path);
  return hash.digest("hex");
}

function add(hash: Hash, projectDir: string, path: string): void {
  const whole = join(projectDir, path);
  const entries = path.includes(".")
    ? undefined
    : readdirSync(whole, { withFileTypes: true });
  if (entries === undefined) {
    hash.update(path).update(readFileSync(whole));
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === "__pycache__" || entry.name.endsWith(".egg-info"))
      continue;
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) add(hash, projectDir, child);
    else hash.update(child).update(readFileSync(join(projectDir, child)));
  }
}
