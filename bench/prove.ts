/** `npm run prove -- <name> [--json] [--seed n] [--short] [--keep]`: one promise that we make, held against a real run. */
import { main, readOptions, type Prepare } from "./prove/proof.ts";

const proofs: Readonly<Record<string, () => Promise<Prepare>>> = {
  attempts: async () => (await import("./prove/attempts/index.ts")).attempts,
  sinks: async () => (await import("./prove/sinks/index.ts")).sinks,
};

const [name = "", ...args] = process.argv.slice(2);
const load = proofs[name];
if (load === undefined) {
  process.stderr.write(
    `'${name}' is no proof. There are: ${Object.keys(proofs).join(", ")}.\n`,
  );
  process.exitCode = 2;
} else await main(name, await load(), readOptions(args));
