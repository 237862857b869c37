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

/** What a program that is given the folder takes for something else. Spaces, quotes, `$` and letters are all names. */
const TAKEN_OTHERWISE: readonly (readonly [RegExp, string])[] = [
  [/[*?[\]{}\\]/, "Spark takes it for a part of a pattern"],
  [/,/, "Spark takes it for the end of a name"],
  [/:/, "Python and Java take it for the end of a name"],
  [/%[0-9a-f]{2}/i, "delta-rs takes it for an escaped letter"],
];

/** Thrown at a folder whose name would break something far away. */
export class UnusableFolder extends Error {
  override readonly name = "UnusableFolder";
}

export function needUsable({ projectDir, stateDir }: PlatformFolders): void {
  for (const [folder, move] of [
    [projectDir, "Move the checkout to another folder."],
    [stateDir, "Set ASSAY_STATE_DIR to another folder."],
  ] as const)
    for (const [pattern, why] of TAKEN_OTHERWISE) {
      const [found] = pattern.exec(folder) ?? [];
      if (found !== undefined)
        throw new UnusableFolder(
          `${folder} has ${found} in its name: ${why}. ${move}`,
        );
    }
}
