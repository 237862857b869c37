import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { projectDir } from "./paths.mjs";
import { findPython } from "./prerequisites.mjs";
import { run } from "./run.mjs";

/** A virtual environment in this folder, unless a whole one is there. */
export async function makeVenv(dir) {
  if (existsSync(join(dir, "bin", "python"))) return;
  const { program } = await findPython();
  await rm(dir, { recursive: true, force: true });
  await mkdir(dirname(dir), { recursive: true });
  await run(program, ["-m", "venv", dir]);
}

/** Installs with the pip of an environment, given its Python. */
export const pipInto =
  (python) =>
  (...args) =>
    run(
      python,
      [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        ...args,
      ],
      { cwd: projectDir },
    );
