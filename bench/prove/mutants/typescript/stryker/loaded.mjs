/** A process that has loaded test files, and runs of their tests what it is asked to. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { clearTimeout, setTimeout } from "node:timers";

/** A test ends itself when its time is over, unless it never lets go of the processor. Hooks have their time, too. */
const GRACE_MS = 10_000;
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

  /**
   * `isOver`: the process died of it, or said nothing for too long: it tells when each step begins, and how long that
   * may take.
   */
  run(ask) {
    const child = this.#child;
    return new Promise((resolve) => {
      let timer;
      const done = (answer) => {
        clearTimeout(timer);
        child.off("message", heard).off("exit", over);
        resolve(answer);
      };
      const over = () => done({ isOver: true });
      const wait = (limitMs) => {
        clearTimeout(timer);
        timer = setTimeout(over, limitMs + GRACE_MS);
      };
      const heard = (answer) =>
        answer.begins === undefined
          ? done(answer)
          : wait(answer.begins.limitMs);
      child.on("message", heard).on("exit", over);
      wait(0);
      child.send({ run: ask });
    });
  }

  stop() {
    this.#child.kill("SIGKILL");
  }
}
