import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { pythonIn } from "../../../shared/python.ts";
import type { SupervisorEvent, SupervisorRequest } from "./protocol.ts";

export interface SupervisorOptions {
  readonly stateDir: string;
  readonly toolsDir: string;
  readonly port: number;
  readonly cores: number;
  readonly driverMemory: string;
  readonly warmUp: boolean;
  /** More folders in which a task's packages are looked for; the wheels themselves are installed. */
  readonly pythonPath: readonly string[];
}

const STOP_MS = 20_000;
const LAST_WORDS_CHARS = 2000;
const ownPython = join(import.meta.dirname, "../../../../python");

/** One life of the supervisor. It ends with its input, so it cannot outlive this process. */
export class SupervisorProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<string>;

  constructor(
    options: SupervisorOptions,
    onEvent: (event: SupervisorEvent) => void,
  ) {
    const { stateDir, toolsDir, pythonPath, ...settings } = options;
    const given = { ...settings, stateDir, jarsDir: join(toolsDir, "jars") };
    this.#child = spawn(
      pythonIn(toolsDir),
      ["-m", "assay_local.supervisor", JSON.stringify(given)],
      {
        stdio: ["pipe", "pipe", "pipe"],
        env: {
          ...process.env,
          // Spark's client gives timestamps without a zone, in this process's own.
          TZ: "UTC",
          PYTHONPATH: [ownPython, ...pythonPath].join(delimiter),
        },
      },
    );
    let lastWords = "";
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS_CHARS);
    });
    this.#child.stdin?.on("error", () => undefined); // it ended; `ended` says so
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on("line", (line) => {
        onEvent(JSON.parse(line) as SupervisorEvent);
      });
    }
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(error.message));
      // `close` and not `exit`: what it said last is read first.
      this.#child.once("close", () => resolve(lastWords.trim()));
    });
  }

  send(request: SupervisorRequest): void {
    this.#child.stdin?.write(JSON.stringify(request) + "\n");
  }

  /** Ends tasks and server in order; what does not end is killed. */
  async stop(): Promise<void> {
    this.send({ op: "stop" });
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.ended;
    clearTimeout(timer);
  }
}
