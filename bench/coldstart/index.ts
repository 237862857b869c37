import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { projectDir } from "../../local/src/platform/folders.ts";
import type { Bench } from "../harness.ts";

const script = join(projectDir, "bench", "coldstart", "load.ts");
const staged = join(projectDir, "out", "app");
const single = join(projectDir, "out", "bench", "single");

interface Loaded {
  readonly loadMs: number;
  readonly firstUseMs: Readonly<Record<string, number>>;
}

/** Loading the staged app against loading one with a single HTTP function, each in a process of its own. */
export async function coldstart(): Promise<Bench> {
  execFileSync(process.execPath, [join(projectDir, "scripts", "package.mjs")]);
  await stageSingle();
  const run = (appDir: string) => () =>
    Promise.resolve({ loadMs: load(appDir).loadMs });
  return {
    comparison: {
      name: "coldstart",
      a: run(staged),
      b: run(single),
      gates: { loadMs: { atMost: 3.5 } },
      counts: firstUses,
    },
    dispose: () => Promise.resolve(),
  };
}

/** The least that an app can be, bundled as ours is. */
async function stageSingle(): Promise<void> {
  rmSync(single, { recursive: true, force: true });
  mkdirSync(join(single, "dist"), { recursive: true });
  await build({
    stdin: {
      contents: `import { app } from "@azure/functions"; app.http("hello", { handler: () => ({ body: "hello" }) });`,
      resolveDir: projectDir,
    },
    outfile: join(single, "dist", "index.mjs"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    minify: true,
    keepNames: true,
    external: ["@azure/functions-core"],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  writeFileSync(
    join(single, "package.json"),
    JSON.stringify({ name: "single", main: "dist/index.mjs" }),
  );
  writeFileSync(join(single, "host.json"), JSON.stringify({ version: "2.0" }));
}

/** Reading the configuration asks for settings: any will do, nothing is called. */
const settings = {
  EventHubs__fullyQualifiedNamespace: "127.0.0.1",
  Lake__blobServiceUri: "https://127.0.0.1/",
  Lake__dfsServiceUri: "https://127.0.0.1/",
  Lake__queueServiceUri: "https://127.0.0.1/",
  LAKE_CONTAINER: "lake",
  COSMOS_ENDPOINT: "https://127.0.0.1/",
  COSMOS_DATABASE: "assay",
  DATABRICKS_HOST: "http://127.0.0.1",
  SWEEP_SCHEDULE: "0 * * * * *",
  LANDING_SETTLE_SECONDS: "120",
};

function load(appDir: string, chunks: readonly string[] = []): Loaded {
  const printed = execFileSync(process.execPath, [script, appDir, ...chunks], {
    env: { ...process.env, ...settings },
    encoding: "utf8",
  });
  return JSON.parse(printed.trim().split("\n").at(-1) ?? "") as Loaded;
}

/** Milliseconds of the first use of each SDK, once, apart from the ratio. */
function firstUses(): Record<string, number> {
  const path = join(projectDir, "out", "onFirstUse.json");
  if (!existsSync(path)) return {};
  const files = JSON.parse(readFileSync(path, "utf8")) as Record<
    string,
    string
  >;
  return Object.fromEntries(
    Object.entries(files).map(([sdk, file]) => [
      `firstUseMs ${sdk}`,
      Math.round(load(staged, [file]).firstUseMs[file] ?? 0),
    ]),
  );
}
