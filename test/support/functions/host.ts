import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultRule } from "../../../local/src/shared/faults.ts";
import { functionKey } from "../../../local/src/shared/keys.ts";
import { freePort } from "../freePort.ts";
import { until } from "../until.ts";

export interface HostOptions {
  readonly appDir: string;
  readonly stateDir?: string;
  /** A free one unless given. */
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly longs?: boolean;
  readonly faults?: readonly FaultRule[];
}

/** A running host, driven as a caller would. */
export interface RunningHost {
  readonly url: string;
  readonly stateDir: string;
  readonly key: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** What the app has logged or noted with `context.log`, oldest first. */
  logs(): LogLine[];
  /** Resolves with the first line of that log that passes: lines are written together, so one may come late. */
  logged(passes: (line: LogLine) => boolean): Promise<LogLine>;
  /** Resolves with the first answer of the app that passes. */
  until<T>(path: string, passes: (value: T) => boolean): Promise<T>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface LogLine {
  readonly event: string;
  readonly level?: string;
  readonly function?: string;
  readonly message?: string;
  readonly path?: string;
}

/** Less than the minute that jest gives these tests, so that the sentence is seen. */
const PATIENCE_MS = 50_000;

const { dirname } = import.meta;
const ENTRY = join(dirname, "entry.ts");
const CERTIFICATE = join(
  dirname,
  "../../../.assay/tools/certificates/localhost.crt",
);

export const appDir = (name: string): string => join(dirname, "../apps", name);

/** Starts a host on a free port. Rejects with the host's own sentence when it cannot start. */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const stateDir =
    options.stateDir ?? mkdtempSync(join(tmpdir(), "assay-functions-"));
  const port = options.port ?? (await freePort());
  const child = spawn(
    process.execPath,
    [
      ENTRY,
      JSON.stringify({
        settings: {},
        longs: false,
        faults: [],
        ...options,
        stateDir,
        port,
      }),
    ],
    {
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        NODE_EXTRA_CA_CERTS: CERTIFICATE,
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  );
  await ready(child);
  const url = `http://127.0.0.1:${port}`;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(url + path, { headers });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const logs = (): LogLine[] =>
    readFileSync(join(stateDir, "logs", "functions.log"), "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  return {
    url,
    stateDir,
    key: functionKey(stateDir),
    get,
    logs,
    logged: (passes) =>
      until(
        () => logs().find(passes),
        () => `a line of the log:\n${JSON.stringify(logs().slice(-20))}`,
        PATIENCE_MS,
      ),
    async until<T>(path: string, passes: (value: T) => boolean): Promise<T> {
      const { value } = await until(
        async () => {
          const value = (await (await get(path)).json()) as T;
          return passes(value) && { value };
        },
        `the answer of ${path}`,
        PATIENCE_MS,
      );
      return value;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async stop() {
      child.send("stop");
      await ended;
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.once("message", (message: { type: string; message?: string }) => {
      if (message.type === "ready") done();
      else fail(new Error(message.message));
    });
    child.once("exit", () => fail(new Error("The host ended.")));
  });
}
