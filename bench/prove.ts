/** `npm run prove -- <name> [--json] [--seed n] [--short] [--keep]`: one promise that we make, held against a real run. */
import { readArguments } from "../scripts/arguments.mjs";
import { verbNamed } from "../scripts/verbs.mjs";
import { main, readOptions, type Prepare } from "./prove/proof.ts";

const proofs: Readonly<Record<string, () => Promise<Prepare>>> = {
  attempts: async () => (await import("./prove/attempts/index.ts")).attempts,
  clients: async () => (await import("./prove/clients/index.ts")).clients,
  inputs: async () => (await import("./prove/inputs/index.ts")).inputs,
  mutants: async () => (await import("./prove/mutants/index.ts")).mutants,
  scale: async () => (await import("./prove/scale/index.ts")).scale,
  sinks: async () => (await import("./prove/sinks/index.ts")).sinks,
};

const args = readArguments(verbNamed("prove"), process.argv.slice(2));
const [name = ""] = args.positionals;
const load = proofs[name];
if (load === undefined) throw new Error(`There is no proof '${name}'.`);
await main(name, await load(), readOptions(args));
