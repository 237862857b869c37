/**
 * The two programs that make mutants. Only this proof needs them, so only it installs them, from lock files of their
 * own: steps of the set-up, in the form of `scripts/setup/steps.mjs`.
 */
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  projectDir,
  toolsDir,
  venvPython,
} from "../../../scripts/setup/paths.mjs";
import { npmCommand } from "../../../scripts/setup/prerequisites.mjs";
import { pipInto } from "../../../scripts/setup/python.mjs";
import { run } from "../../../scripts/setup/run.mjs";

export const strykerDir = join(toolsDir, "stryker");
/** Packages beside those of the job's environment, which it needs too. */
export const mutmutDir = join(toolsDir, "mutmut");

const folder = "bench/prove/mutants";

export const steps = [
  {
    name: "stryker",
    title: "Stryker for the app's mutants (half a minute, 60 MB)",
    madeFrom: [`${folder}/typescript/stryker`],
    makes: [join(strykerDir, "node_modules")],
    async run() {
      await rm(strykerDir, { recursive: true, force: true });
      await mkdir(strykerDir, { recursive: true });
      // Its plugins are ours, and find its packages only from a folder beside them.
      await cp(join(projectDir, folder, "typescript", "stryker"), strykerDir, {
        recursive: true,
      });
      const npm = npmCommand();
      await run(npm.program, [...npm.args, "ci", "--ignore-scripts"], {
        cwd: strykerDir,
      });
    },
  },
  {
    name: "mutmut",
    title: "mutmut for the job's mutants (50 MB)",
    madeFrom: [`${folder}/python/requirements.lock`],
    makes: [mutmutDir],
    async run() {
      await rm(mutmutDir, { recursive: true, force: true });
      const lock = `${folder}/python/requirements.lock`;
      await pipInto(venvPython)(
        ...["--require-hashes", "--no-deps"],
        ...["--target", mutmutDir, "-r", lock],
      );
    },
  },
];
