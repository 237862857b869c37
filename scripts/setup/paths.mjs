import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const projectDir = dirname(
  dirname(dirname(fileURLToPath(import.meta.url))),
);
/** What set-up makes. `--reset` leaves it alone: it holds no state. */
export const toolsDir = join(projectDir, ".assay", "tools");
export const certificatePath = join(toolsDir, "certificates", "localhost.crt");
export const jarsDir = join(toolsDir, "jars");

export const venvDir = join(toolsDir, "venv");
export const venvPython = join(venvDir, "bin", "python");

/** Other people's Python clients, which only the tests use, and their older releases. */
export const clientsDir = join(toolsDir, "clients");
export const clientsPython = join(clientsDir, "bin", "python");
export const olderClientsDir = join(toolsDir, "clientsOlder");

/** Airflow, which only the proof `clients` uses. */
export const airflowDir = join(toolsDir, "airflow");
export const airflowPython = join(airflowDir, "bin", "python");

/** The Node that npm installed as a package for this platform, if this platform has one. */
export function packagedNode() {
  const path = join(
    projectDir,
    "node_modules",
    `node-${process.platform}-${process.arch}`,
    "bin",
    "node",
  );
  return existsSync(path) ? path : undefined;
}

/** The names of the folders below a folder of the project that hold a file of this name. */
export function foldersWith(file, path) {
  const dir = join(projectDir, path);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => existsSync(join(dir, name, file)))
    .sort();
}
