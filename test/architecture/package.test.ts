import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  writeFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleApp } from "../../scripts/package/bundle.ts";
import { batchPaths } from "../../src/domain/paths.ts";
import { aDefinition, aWorld } from "../support/app/world.ts";

let folder: string;
let files: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bundle-"));
  await bundleApp(process.cwd(), join(folder, "dist"));
  mkdirSync(join(folder, "pipelines"));
  writeFileSync(
    join(folder, "pipelines", "flights.json"),
    JSON.stringify(aDefinition()),
  );
  files = readdirSync(join(folder, "dist"), {
    recursive: true,
    encoding: "utf8",
  }).filter((name) => statSync(join(folder, "dist", name)).isFile());
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const bytes = (name: string): number =>
  statSync(join(folder, "dist", name)).size;

test("the bundle holds scripts only, and nothing of the local platform", () => {
  expect(files.filter((name) => !/\.(mjs|cjs)$/.test(name))).toEqual([]);
  const local = files.filter((name) =>
    /local\/src|ManualClock|UseDevelopmentEmulator=false/.test(
      readFileSync(join(folder, "dist", name), "utf8"),
    ),
  );
  expect(local).toEqual([]);
});

test("the bundle is small, and what is read at the start is a small part of it", () => {
  const all = files.reduce((sum, name) => sum + bytes(name), 0);
  expect(all).toBeLessThan(4_000_000);
  expect(bytes("index.mjs")).toBeLessThan(300_000);
});

test("what only health says lies in a file of its own, which the main file reads when it is asked", async () => {
  const main = readFileSync(join(folder, "dist", "index.mjs"), "utf8");
  expect(main).toContain('import("./pipelineHealth.mjs")');
  const { checkPipeline } = (await import(
    join(folder, "dist", "pipelineHealth.mjs")
  )) as typeof import("../../src/serve/pipelineHealth.ts");
  const world = aWorld();
  const check = () => checkPipeline(world, aDefinition(), world.now());
  expect((await check()).health).toMatchObject({ state: "ok" });
  world.lake.drop(batchPaths("flights", 1).manifest, '{"version":1}');
  expect((await check()).health).toMatchObject({ state: "otherVersion" });
});

test("with nothing but the worker's module beside it, and without any setting, the bundle registers every function", () => {
  const env = { PATH: process.env["PATH"] ?? "" };
  const output = execFileSync(process.execPath, ["-e", WORKER], {
    cwd: join(folder, "dist"),
    env,
    encoding: "utf8",
  });
  expect(output.trim().split("\n").sort()).toEqual([
    "blockSink",
    "checkJobRun",
    "claimBlob-flights-airports",
    "claimQueued",
    "cosmosOpenContainers",
    "cosmosRemoveOlder",
    "cosmosWritePart",
    "databricksRun",
    "deliver",
    "finishDelivery",
    "getBatch",
    "getBatches",
    "getHealth",
    "getInsight",
    "getOpenapi",
    "getPipeline",
    "getPipelines",
    "ingestEvents-flights",
    "judgeJobRun",
    "noteParts",
    "notifySend",
    "planBatch",
    "prepareDelivery",
    "purge",
    "readPipelineStatus",
    "startDeliveries",
    "startJobRun",
    "sweep",
    "watch",
  ]);
});

/** Stands in for the worker: it answers the one module that no package holds, and prints what is registered. */
const WORKER = `
  const { Module } = require("node:module");
  const inner = Module.prototype.require;
  const core = {
    registerFunction: ({ name }) => (console.log(name), { dispose() {} }),
    registerHook: () => ({ dispose() {} }),
    setProgrammingModel() {},
    log() {},
    Disposable: class {},
  };
  Module.prototype.require = function (id) {
    return id === "@azure/functions-core" ? core : inner.call(this, id);
  };
  import(require("node:url").pathToFileURL(require("node:path").resolve("index.mjs")));
`;
