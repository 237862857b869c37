import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { isServedName } from "../services/lake/names.ts";
import { foldersOf, type PackagedDefinition } from "./definitions.ts";
import type { Notice } from "./notices.ts";

/**
 * Dropped files that the local lake does not show, so that nothing else tells of them. Names with a leading dot are left
 * alone on purpose. It costs a look at each entry of the landing folders, which files leave within seconds.
 */
export function unservedFiles(
  stateDir: string,
  definition: PackagedDefinition,
): Notice[] {
  const lakeDir = join(stateDir, "lake");
  return foldersOf(definition)
    .flatMap(({ folder }) => unservedBelow(lakeDir, `landing/${folder}`))
    .map((path) => {
      const what = `The file ${JSON.stringify(path)} of ${definition.pipeline}`;
      const text = [
        `${what} is not taken:`,
        "  the local lake does not show a name with a backslash or a control character.",
        "  Rename it: it is not read until then.",
      ].join("\n");
      return { what, text, over: `${what} is there no more.` };
    });
}

function unservedBelow(lakeDir: string, path: string): string[] {
  return childrenOf(join(lakeDir, path)).flatMap((child) => {
    if (child.name.startsWith(".")) return [];
    const childPath = `${path}/${child.name}`;
    if (!isServedName(child.name)) return [childPath];
    return child.isDirectory() ? unservedBelow(lakeDir, childPath) : [];
  });
}

/** None where the folder is not there, or goes just now, or is not to be read: nothing waits for what is told of it. */
function childrenOf(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}
