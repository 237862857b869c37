import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { projectDir } from "../../local/src/platform/folders.ts";

const python = join(
  projectDir,
  ".assay",
  "tools",
  "venv",
  process.platform === "win32" ? "Scripts/python.exe" : "bin/python",
);

/** Runs a few lines of Python with the packages that set-up installed; what it prints. */
export const runPython = (code: string, args: readonly string[]): string =>
  execFileSync(python, ["-c", code, ...args], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 ** 2,
  });
