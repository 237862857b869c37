/**
 * Loads an app as the worker does and prints how long that took: `node load.ts <app folder> [chunk …]`. Chunks are
 * what the app reads on first use; each is timed apart, after the load.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "../../local/src/functionsHost/worker/index.ts";

const [appDir = "", ...chunks] = process.argv.slice(2);
const startedAt = performance.now();
await Worker.start(appDir, () => undefined);
const loadMs = performance.now() - startedAt;
const firstUseMs: Record<string, number> = {};
for (const chunk of chunks) {
  const before = performance.now();
  await import(pathToFileURL(join(appDir, "dist", chunk)).href);
  firstUseMs[chunk] = performance.now() - before;
}
process.stdout.write(`${JSON.stringify({ loadMs, firstUseMs })}\n`);
process.exit(0);
