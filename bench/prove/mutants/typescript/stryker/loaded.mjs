/** A process that has loaded test files, and runs of their tests what it is asked to. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { clearTimeout, setTimeout } from "node:timers";

const PROGRAM = new URL("./testProcess.mjs", import.meta.url);

export class Loaded {
  #child;

  constructor(child) {
    this.#child = child;
  }

  static async start(files, { seed }) {
    const child = fork(PROGRAM, [String(seed)], {
      execArgv: ["--experimental-import-meta-resolve", "--no-warnings"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said = (said + text).slice(-4_000);
    });
    child.send({ load: files });
    const [answer] = await Promise.race([
      once(child, "message"),
      once(child, "exit").then(() => [{ problem: said }]),
    ]);
    if (answer.problem !== undefined)
      throw new Error(`The tests were not loaded: ${answer.problem}`);
    return new Loaded(child);
  }

  /** `isOver`: it took longer than `limitMs`, or the process died of it. */
  run(ask, limitMs = 600_000) {
    const child = this.#child;
    return new Promise((resolve) => {
      const done = (answer) => {
        clearTimeout(timer);
        child.off("message", done).off("exit", died);
        resolve(answer);
      };
      const died = () => done({ isOver: true });
      const timer = setTimeout(died, limitMs);
      child.on("message", done).on("exit", died);
      child.send({ run: ask });
    });
  }

  stop() {
    this.#child.kill("SIGKILL");
  }
}
