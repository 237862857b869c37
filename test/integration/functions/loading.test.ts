import { jest } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  inputTypes,
  outputTypes,
  triggerTypes,
} from "../../../local/src/functionsHost/app/bindingTypes.ts";
import { appDir, startHost } from "../../support/functions/host.ts";
import { makeApp } from "../../support/functions/makeApp.ts";

// A host is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);

const app = 'const { app, output } = require("@azure/functions");';
const startWith = (files: Record<string, string>) =>
  startHost({ appDir: makeApp(files) });

test("an ESM app loads from every file that its main matches, and host.json may empty the route prefix", async () => {
  const host = await startHost({ appDir: appDir("esm") });
  const bodies = await Promise.all(
    ["/one", "/two"].map(async (path) => (await host.get(path)).text()),
  );
  await host.stop();
  expect(bodies).toEqual(["one", "two"]);
});

test.each([
  ["no package", { "package.json": "" }, "has no package.json"],
  ["no main", { "package.json": "{}" }, 'has no "main"'],
  ["no entry file", {}, "No file of the app in .* matches"],
  [
    "an entry file that throws",
    { "index.js": 'throw new Error("a broken thing")' },
    "The app's entry file 'index.js' failed while it was loaded: a broken thing",
  ],
  ["nothing registered", { "index.js": " " }, "registered nothing"],
  [
    "no host.json",
    { "host.json": "", "index.js": `${app} app.http("a", { handler() {} });` },
    "has no host.json",
  ],
  [
    "a setting that is not there",
    {
      "index.js": `${app} app.timer("a", { schedule: "%NONE%", handler() {} });`,
    },
    "The function 'a' uses %NONE%, and the app has no setting 'NONE'",
  ],
  [
    "a bad schedule",
    {
      "index.js": `${app} app.timer("a", { schedule: "* * *", handler() {} });`,
    },
    "must have six fields",
  ],
  [
    "a trigger that is not served",
    {
      "index.js": `${app} app.cosmosDB("a", { connection: "C", databaseName: "d", containerName: "c", handler() {} });`,
    },
    "has a cosmosDBTrigger, which the local host does not serve",
  ],
  [
    "an entity, which nothing could call",
    {
      "index.js": `require("durable-functions").app.entity("a", () => undefined);`,
    },
    "The function 'a' has an entityTrigger, which the local host does not serve",
  ],
  [
    "an output that is not served",
    {
      "index.js": `${app} app.http("a", { extraOutputs: [output.storageQueue({ connection: "C", queueName: "q" })], handler() {} });`,
    },
    "of type 'queue', which the local host does not serve",
  ],
  [
    "a connection without its setting",
    {
      "index.js": `${app} app.eventHub("a", { connection: "Missing", eventHubName: "h", handler() {} });`,
    },
    "the app has no setting 'Missing__fullyQualifiedNamespace'",
  ],
  [
    "a route that cannot be",
    {
      "index.js": `${app} app.http("a", { route: "{id:shoe}", handler() {} });`,
    },
    "the constraint 'shoe', which the local host does not know",
  ],
  [
    "a name used twice",
    {
      "index.js": `${app} for (const name of ["a", "a"]) app.http(name, { handler() {} });`,
    },
    'A function with id "a" has already been registered',
  ],
  [
    "streams",
    {
      "index.js": `${app} app.setup({ enableHttpStream: true }); app.http("a", { handler() {} });`,
    },
    "The app sets enableHttpStream, which the local host does not serve",
  ],
])("%s is said in one sentence", async (_, files, sentence) => {
  await expect(startWith(files as Record<string, string>)).rejects.toThrow(
    new RegExp(sentence.replace(/[()]/g, "\\$&")),
  );
});

test("a fault that a test plants is met before any work", async () => {
  const host = await startHost({
    appDir: appDir("esm"),
    faults: [
      { service: "functions", path: "^/one$", action: "refuse", status: 503 },
    ],
  });
  const statuses = [];
  for (const path of ["/one", "/one"])
    statuses.push((await host.get(path)).status);
  await host.stop();
  expect(statuses).toEqual([503, 200]);
});

test("COVERAGE.md has a row for each binding that the host serves", () => {
  const text = readFileSync(
    join(import.meta.dirname, "../../../local/src/functionsHost/COVERAGE.md"),
    "utf8",
  );
  const rows = [
    ...text.matchAll(/^\| `(\w+)` (input|output)? *\| (yes|partly)/gm),
  ].map(([, name, kind]) =>
    kind === undefined ? name : `${name ?? ""} ${kind}`,
  );
  expect(rows).toEqual([
    ...Object.keys(triggerTypes),
    ...inputTypes.map((name) => `${name} input`),
    ...outputTypes.map((name) => `${name} output`),
  ]);
});
