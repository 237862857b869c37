import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PlatformFolders } from "./context.ts";

/** The checkout: three folders above this file. */
export const projectDir = dirname(
  dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
);

/** State goes to the folder named, or to `.assay` in the checkout; tools always lie in the checkout. */
export function readFolders(
  stateDir = process.env["ASSAY_STATE_DIR"],
): PlatformFolders {
  return {
    projectDir,
    toolsDir: join(projectDir, ".assay", "tools"),
    stateDir:
      stateDir === undefined || stateDir === ""
        ? join(projectDir, ".assay")
        : resolve(stateDir),
  };
}
