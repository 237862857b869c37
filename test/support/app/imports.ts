import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";

export interface Import {
  /** Of the importing file, relative to the project. */
  readonly from: string;
  /** A file relative to the project, or the name of a package. */
  readonly to: string;
  readonly isTypeOnly: boolean;
  readonly isDynamic: boolean;
}

const STATEMENT =
  /^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gms;

export const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(ending))
    .sort();

/** Every import of every TypeScript file below a folder. */
export function importsBelow(folder: string): Import[] {
  return filesBelow(folder, ".ts").flatMap((from) =>
    [...readFileSync(from, "utf8").matchAll(STATEMENT)].map(
      ([, type, fixed, dynamic]): Import => {
        const name = fixed ?? dynamic ?? "";
        return {
          from,
          to: name.startsWith(".")
            ? normalize(join(dirname(from), name))
            : name,
          isTypeOnly: type !== undefined,
          isDynamic: dynamic !== undefined,
        };
      },
    ),
  );
}
