import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDir } from "../../local/src/platform/folders.ts";
import type { FaultRule } from "../../local/src/shared/faults.ts";

export { until } from "./until.ts";

/** A command of Assay as a person runs it, in a process of its own, on a state of its own. */
export interface Assay {
  readonly stateDir: string;
  readonly process: ChildProcess;
  /** All that it has printed. */
  output(): string;
  /** Resolves when the output holds the text; rejects when the process ends without it. */
  says(text: string | RegExp): Promise<void>;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** kill -9 of the process and everything that it started, all at once. */
  killTree(): Promise<void>;
}

export interface AssayOptions {
  readonly stateDir: string;
  /** Where the command is run; this checkout unless given. */
  readonly checkout?: string;
  readonly args?: readonly string[];
  readonly faults?: readonly FaultRule[];
}

export const temporaryState = (prefix = "assay-state-"): string =>
  mkdtempSync(join(tmpdir(), prefix));

/** A checkout of her own, whose files a test may change: the sources are copied, what set-up made is shared. */
export function copyCheckout(prefix = "assay-checkout-"): string {
  const checkout = mkdtempSync(join(tmpdir(), prefix));
  for (const name of SOURCES)
    cpSync(join(projectDir, name), join(checkout, name), {
      recursive: true,
      filter: (path) =>
        !/node_modules|__pycache__/.test(path.slice(projectDir.length)),
    });
  mkdirSync(join(checkout, ".assay"));
  for (const name of ["node_modules", join(".assay", "tools")])
    symlinkSync(join(projectDir, name), join(checkout, name));
  return checkout;
}

const SOURCES = [
  "databricks",
  "local",
  "pipelines",
  "scripts",
  "src",
  "host.json",
  "package.json",
  "package-lock.json",
];

export function removeState(stateDir: string): void {
  rmSync(stateDir, { recursive: true, force: true });
}

/** `npm start` without the set-up, which the test run has done. */
export const startAssay = (options: AssayOptions): Assay =>
  runVerb("start", withPort(options.args ?? []), options);

/** An option is given once: a free port, where the test says none. */
const withPort = (args: readonly string[]): string[] =>
  args.includes("--port") ? [...args] : ["--port", "0", ...args];

/** A verb without the set-up. */
export const runVerb = (
  name: string,
  args: readonly string[],
  options: AssayOptions,
): Assay => runScript("scripts/runVerb.mjs", [name, ...args], options);

export function runScript(
  script: string,
  args: readonly string[],
  options: AssayOptions,
): Assay {
  const { checkout = projectDir } = options;
  const child = spawn(process.execPath, [join(checkout, script), ...args], {
    cwd: checkout,
    env: {
      ...process.env,
      ASSAY_STATE_DIR: options.stateDir,
      NODE_EXTRA_CA_CERTS: join(
        projectDir,
        ".assay",
        "tools",
        "certificates",
        "localhost.crt",
      ),
      ...(options.faults === undefined
        ? {}
        : { ASSAY_FAULTS: JSON.stringify(options.faults) }),
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      for (const look of watchers) look();
    });
  }
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code) => resolve(code)),
  );
  return {
    stateDir: options.stateDir,
    process: child,
    output: () => output,
    ended,
    says(text) {
      const isThere = (): boolean =>
        typeof text === "string" ? output.includes(text) : text.test(output);
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (!isThere()) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then((code) => {
          if (!isThere())
            reject(
              new Error(
                `It ended with ${code ?? "a signal"} and never said ${String(text)}:\n${output}`,
              ),
            );
        });
      });
    },
    async killTree() {
      killAll(descendants(child.pid ?? 0));
      await ended;
    },
  };
}

/** The process and all below it, from the process table. */
export function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const tree = [pid];
  for (const parent of tree)
    for (const [id, parentId] of table) if (parentId === parent) tree.push(id);
  return tree;
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Stops all first, so that none sees another die, then kills. */
export function killAll(pids: readonly number[]): void {
  for (const signal of ["SIGSTOP", "SIGKILL"] as const) {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
