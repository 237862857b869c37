/**
 * The door of every npm script: `node scripts/assay.mjs <command> [arguments]`.
 *
 * It runs on any Node ≥ 20 with nothing installed, does the part of the set-up that is not done yet, and hands over
 * to the command under a Node that the Azure SDKs support (22 or 24).
 */
import { spawn } from "node:child_process";
import { SetupError, setUp } from "./setup/index.mjs";
import { projectDir } from "./setup/paths.mjs";

/** What each command runs when all is set up. */
const commands = {
  start: ["local/src/cli/start.ts"],
  send: ["local/src/cli/send.ts"],
  sql: ["local/src/cli/sql.ts"],
  package: ["scripts/package.mjs"],
  check: ["scripts/check.mjs"],
  test: ["scripts/test.mjs"],
  bench: ["bench/run.ts"],
  setup: undefined,
};

const [name = "", ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  console.error(
    `'${name}' is no command. There are: ${Object.keys(commands).join(", ")}.`,
  );
  process.exit(2);
}

try {
  const { node, env } = await setUp();
  const script = commands[name];
  if (script)
    process.exitCode = await handOver(node, [...script, ...args], env);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

/** Runs the command and ends as it ends. It sees the channel close when this process dies, and stops too. */
function handOver(node, args, env) {
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd: projectDir,
      env,
      stdio: ["inherit", "inherit", "inherit", "ipc"],
    });
    // A terminal sends Ctrl-C to the whole group: the child ends in order, and we wait for it.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.on("exit", (code, signal) => {
      child.channel?.unref();
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}
