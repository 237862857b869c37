/** The app's mutants: Stryker, folder by folder. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { strykerDir } from "../setup.mjs";
import type { Mutant } from "../mutant.ts";
import { endProcess } from "../../endProcess.ts";
import { nearestTests } from "./nearest.ts";

/** Where Stryker's mutants come from: patterns of files, or lines of them, `src/a.ts:10-20`. */
export interface Folder {
  readonly name: string;
  readonly mutate: readonly string[];
  /** The files that the patterns name. */
  readonly files: readonly string[];
}

const NEVER_MS = 86_400_000;

const position = z.object({ line: z.number(), column: z.number() });
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          replacement: z.string().optional(),
          location: z.object({ start: position, end: position }),
        }),
      ),
    }),
  ),
});
type Report = z.infer<typeof reportSchema>;

const packages = join(strykerDir, "node_modules", "@stryker-mutator");

/** A laptop has two to spare. */
const CORES = 2;

const KILLED = new Set(["Killed", "Timeout"]);
const ALIVE = new Set(["Survived", "NoCoverage"]);

/** Runs one folder. What its work folder knows of the same code and tests is not run again. */
export class Stryker {
  readonly #workDir: string;
  readonly #seed: number;
  readonly #say: (text: string) => void;
  #process: ReturnType<typeof spawn> | undefined;

  constructor(workDir: string, seed: number, say: (text: string) => void) {
    this.#workDir = workDir;
    this.#seed = seed;
    this.#say = say;
  }

  async mutantsOf(folder: Folder, concurrency = CORES): Promise<Mutant[]> {
    const dir = join(this.#workDir, folder.name);
    mkdirSync(dir, { recursive: true });
    const report = join(dir, "report.json");
    const config = join(dir, "stryker.json");
    writeFileSync(
      config,
      JSON.stringify(configOf(folder, dir, concurrency, this.#seed)),
    );
    const program = join(packages, "core", "bin", "stryker.js");
    const stryker = spawn(process.execPath, [program, "run", config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = stryker;
    let said = "";
    for (const stream of [stryker.stdout, stryker.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-8_000);
        const [progress] = /Mutation testing .*/.exec(text) ?? [];
        if (progress !== undefined) this.#say(`${folder.name}: ${progress}`);
      });
    const [code] = (await once(stryker, "close")) as [number | null];
    if (code !== 0)
      throw new Error(`Stryker ended with ${String(code)}:\n${said}`);
    return mutantsIn(
      reportSchema.parse(JSON.parse(readFileSync(report, "utf8"))),
    );
  }

  stop(): Promise<void> {
    return endProcess(this.#process, "SIGINT");
  }
}

function configOf(
  folder: Folder,
  dir: string,
  concurrency: number,
  seed: number,
): object {
  return {
    mutate: folder.mutate,
    testRunner: "nearest",
    nearest: nearestTests(folder.files),
    seed,
    plugins: [join(strykerDir, "plugins.mjs")],
    ignorers: ["prose"],
    coverageAnalysis: "perTest",
    concurrency,
    // The runner has limits of its own, by what its tests take.
    timeoutMS: NEVER_MS,
    incremental: true,
    incrementalFile: join(dir, "known.json"),
    tempDirName: join(dir, "sandbox"),
    ignorePatterns: [".assay", "out"],
    // Packages, and what set-up has made: the tests of packaging run Python.
    symlinkNodeModules: false,
    buildCommand: `ln -s ${join(process.cwd(), "node_modules")} ${join(process.cwd(), ".assay")} .`,
    disableTypeChecks: false,
    checkers: [],
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: join(dir, "report.json") },
    allowEmpty: true,
  };
}

function mutantsIn({ files }: Report): Mutant[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split("\n");
    return mutants
      .filter(({ status }) => KILLED.has(status) || ALIVE.has(status))
      .map(({ status, replacement = "", location: { start, end } }): Mutant => {
        const code = lines[start.line - 1] ?? "";
        const original =
          start.line === end.line
            ? code.slice(start.column - 1, end.column - 1)
            : `${code.slice(start.column - 1)} …`;
        return {
          language: "typescript",
          file,
          line: start.line,
          code: code.trim(),
          change: `${original} → ${replacement.split("\n")[0] ?? ""}`,
          isKilled: KILLED.has(status),
        };
      });
  });
}
