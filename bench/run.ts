/** `npm run bench -- <name> [--json]`: one figure that we claim. Fails where its gate is not reached. */
import { readArguments } from "../scripts/arguments.mjs";
import { verbNamed } from "../scripts/verbs.mjs";
import { main, type Bench } from "./harness.ts";

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  coldstart: async () => (await import("./coldstart/index.ts")).coldstart(),
  http: async () => (await import("./http/index.ts")).http(),
  ingest: async () => (await import("./ingest/index.ts")).ingest(),
  once: async () => (await import("./once/index.ts")).once(),
};

const { positionals } = readArguments(
  verbNamed("bench"),
  process.argv.slice(2),
);
const [name = ""] = positionals;
const prepare = benches[name];
if (prepare === undefined) throw new Error(`There is no bench '${name}'.`);
const bench = await prepare();
process.once(
  "disconnect",
  () => void bench.dispose().then(() => process.exit(1)),
);
try {
  await bench.prepare?.();
  await main(bench.comparison);
} finally {
  await bench.dispose();
  process.removeAllListeners("disconnect");
  process.channel?.unref();
}
