/**
 * Runs one verb when all is set up: `node scripts/runVerb.mjs <verb> [arguments]`. What goes wrong is said here, for
 * all verbs alike: a mistake in the arguments with the usage and exit code 2, anything else with exit code 1.
 */
import { readArguments } from "./arguments.mjs";
import { verbNamed } from "./verbs.mjs";

const [name, ...args] = process.argv.slice(2);
const verb = verbNamed(name ?? "");
try {
  const code = await verb.run(readArguments(verb, args));
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  const isMistake = error?.name === "UsageError";
  const usage = isMistake ? `\nUsage: ${verb.usage}` : "";
  console.error(`\n${error?.message ?? error}${usage}`);
  // The channel to the door, and clients that keep connections, would hold the process.
  process.exit(isMistake ? 2 : 1);
}
