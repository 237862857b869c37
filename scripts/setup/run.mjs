import { spawn } from "node:child_process";

/** Something on this machine is missing or wrong: the message says in one sentence what, and what to do. */
export class SetupError extends Error {}

/**
 * Runs a program, keeping its output for the case that it fails.
 * @param {(line: string) => void} [onLine] sees each line, for progress
 */
export function run(program, args, { cwd, env, onLine, whenMissing } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (chunk) => {
      output = (output + chunk).slice(-64_000);
      for (const line of String(chunk).split(/\r?\n/))
        if (line.trim() !== "") onLine?.(line.trim());
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const stop = () => child.kill();
    process.once("exit", stop);
    child.on("error", () =>
      reject(new SetupError(whenMissing ?? `${program} could not be started.`)),
    );
    child.on("close", (code) => {
      process.off("exit", stop);
      if (code === 0) resolve(output);
      else
        reject(
          new SetupError(
            `${program} ${args.slice(0, 3).join(" ")} … failed:\n${lastLines(output)}`,
          ),
        );
    });
  });
}

const lastLines = (text) => text.trimEnd().split("\n").slice(-15).join("\n");
