/** The mutants of the job's pure Python: mutmut, over the modules whose own tests need no Spark. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { projectDir, venvPython } from "../../../../scripts/setup/paths.mjs";
import { chanceOf } from "../../chance.ts";
import type { Mutant } from "../mutant.ts";
import { mutmutDir } from "../setup.mjs";
import { endProcess } from "../../endProcess.ts";
import { PURE_MODULES, PURE_TESTS, settings } from "./settings.ts";

/** Modules of a sample. */
const SAMPLE_MODULES = 2;

const lineSchema = z.object({
  file: z.string(),
  line: z.number(),
  code: z.string(),
  change: z.string(),
  isKilled: z.boolean(),
});

export class Mutmut {
  readonly #workDir: string;
  readonly #seed: number;
  #program: ChildProcess | undefined;

  constructor(workDir: string, seed: number) {
    this.#workDir = workDir;
    this.#seed = seed;
  }

  /** What its work folder knows of functions that have not changed is not run again. */
  async mutants(isSample: boolean): Promise<Mutant[]> {
    this.#stage(isSample ? this.#sample() : PURE_MODULES);
    await this.#run(["-m", "mutmut", "run", "--max-children", "2"]);
    const found: Mutant[] = [];
    const report = join(import.meta.dirname, "report.py");
    await this.#run([report], (text) => {
      const mutant = lineSchema.parse(JSON.parse(text));
      const file = `databricks/${mutant.file}`;
      found.push({ ...mutant, file, language: "python" });
    });
    return found;
  }

  stop(): Promise<void> {
    return endProcess(this.#program, "SIGINT");
  }

  #sample(): string[] {
    const chance = chanceOf(this.#seed, "mutmut", 0);
    return chance
      .several(SAMPLE_MODULES, 0, PURE_MODULES.length - 1)
      .flatMap((at) => PURE_MODULES[at] ?? []);
  }

  /** A folder of its own: mutmut works where it is started. Times are kept, by which it knows what has changed. */
  #stage(modules: readonly string[]): void {
    mkdirSync(this.#workDir, { recursive: true });
    for (const name of ["src", "tests"]) {
      rmSync(join(this.#workDir, name), { recursive: true, force: true });
      cpSync(join(projectDir, "databricks", name), join(this.#workDir, name), {
        recursive: true,
        preserveTimestamps: true,
        filter: (path) => !/\.egg-info$|__pycache__$/.test(path),
      });
    }
    // The tests of documents hold them against the schemas of both languages, which lie beside the job.
    cpSync(join(projectDir, "schemas"), join(this.#workDir, "schemas"), {
      recursive: true,
    });
    writeFileSync(
      join(this.#workDir, "pyproject.toml"),
      settings(modules, PURE_TESTS, this.#seed),
    );
  }

  async #run(
    args: readonly string[],
    onLine?: (line: string) => void,
  ): Promise<void> {
    const program = spawn(venvPython, args, {
      cwd: this.#workDir,
      env: {
        ...process.env,
        PYTHONPATH: [mutmutDir, import.meta.dirname].join(delimiter),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#program = program;
    let said = "";
    program.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4_000);
    });
    const ended = once(program, "close");
    for await (const line of createInterface({ input: program.stdout })) {
      said = (said + line).slice(-4_000);
      onLine?.(line);
    }
    const [code] = (await ended) as [number | null];
    if (code !== 0)
      throw new Error(`${args.join(" ")} ended with ${String(code)}:\n${said}`);
  }
}
