/**
 * The door of every npm script: `node scripts/assay.mjs <verb> [arguments]`.
 *
 * It runs on any Node ≥ 20 with nothing installed: it answers what is wrong with the arguments, does the part of the
 * set-up that is not done yet, and hands over to the verb under a Node that the Azure SDKs support (22 or 24).
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { asksForHelp, helpOf, readArguments } from "./arguments.mjs";
import { whenParentDies } from "./parent.mjs";
import { SetupError, setUp } from "./setup/index.mjs";
import { projectDir } from "./setup/paths.mjs";
import { verbs } from "./verbs.mjs";

const [name = "", ...args] = process.argv.slice(2);
const verb = verbs.find((one) => one.name === name);
if (verb === undefined) {
  const usages = verbs.map(({ usage }) => `  ${usage}`).join("\n");
  const isHelp = asksForHelp([name]);
  const mistake = isHelp ? "" : `'${name}' is no verb. `;
  console[isHelp ? "log" : "error"](`${mistake}There are:\n${usages}`);
  process.exit(isHelp ? 0 : 2);
}
if (asksForHelp(args)) {
  console.log(helpOf(verb));
  process.exit(0);
}

/** The verb's process, once it runs. */
let child;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => stop(signal));
whenParentDies(() => stop("SIGTERM"));

try {
  const more = await verb.steps?.(readArguments(verb, args));
  const { node, env } = await setUp({ forTests: verb.forTests, more });
  process.exitCode = await handOver(
    node,
    ["scripts/runVerb.mjs", name, ...args],
    env,
  );
} catch (error) {
  const isMistake = error.name === "UsageError";
  if (!isMistake && !(error instanceof SetupError)) throw error;
  const usage = isMistake ? `\nUsage: ${verb.usage}` : "";
  console.error(`\n${error.message}${usage}`);
  process.exitCode = isMistake ? 2 : 1;
}

/** Runs the verb and ends as it ends. It sees the channel close when this process dies, and stops too. */
function handOver(node, args, env) {
  return new Promise((resolve) => {
    child = spawn(node, args, {
      cwd: projectDir,
      env,
      stdio: ["inherit", "inherit", "inherit", "ipc"],
    });
    child.on("exit", (code, signal) => {
      child.channel?.unref();
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}

/** The set-up ends with this process, and what it runs with it; a verb ends in order, and we wait for it. */
function stop(signal) {
  if (child === undefined) process.exit(128 + constants.signals[signal]);
  // A terminal sends Ctrl-C to the whole group: the child has it already.
  if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
}
