import { importsBelow, type Import } from "../support/app/imports.ts";

const inSource = importsBelow("src");

/** The part of the app that a file belongs to: its folder below src, or its own name. */
const partOf = (path: string): string =>
  /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path)?.[1] ?? "";

/** Who may know whom. `context` is the list of adapters that everything above is given. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  errors: [],
  config: ["errors"],
  telemetry: [],
  adapters: ["config", "domain", "errors"],
  pipelines: ["domain"],
  ledger: ["adapters", "domain", "errors", "pipelines", "telemetry"],
  context: ["adapters", "config", "ledger", "pipelines", "telemetry"],
  sources: ["adapters", "context", "domain", "errors", "ledger", "telemetry"],
  ingest: [
    "adapters",
    "context",
    "domain",
    "errors",
    "ledger",
    "sources",
    "telemetry",
  ],
  process: [
    "adapters",
    "context",
    "domain",
    "errors",
    "ledger",
    "sources",
    "telemetry",
  ],
  sinks: [
    "adapters",
    "context",
    "domain",
    "errors",
    "durable",
    "ledger",
    "telemetry",
  ],
  activities: [
    "adapters",
    "context",
    "domain",
    "errors",
    "ledger",
    "process",
    "sinks",
    "telemetry",
  ],
  durable: [],
  orchestrators: ["activities", "domain", "durable", "sinks"],
  serve: [
    "adapters",
    "context",
    "domain",
    "errors",
    "ledger",
    "process",
    "sinks",
    "sources",
    "telemetry",
  ],
  functions: [
    "context",
    "domain",
    "errors",
    "ingest",
    "pipelines",
    "process",
    "serve",
    "sinks",
    "sources",
    "telemetry",
  ],
  index: [
    "activities",
    "config",
    "context",
    "domain",
    "functions",
    "orchestrators",
    "pipelines",
    "sinks",
    "sources",
    "telemetry",
  ],
};

const told = ({ from, to }: Import): string => `${from} imports ${to}`;

test("every part of the app imports only what it may know", () => {
  const inner = inSource.filter(({ to }) => to.startsWith("src/"));
  expect(inner.length).toBeGreaterThan(100);
  const wrong = inner.filter(({ from, to }) => {
    const [part, other] = [partOf(from), partOf(to)];
    return part !== other && !MAY_KNOW[part]?.includes(other);
  });
  expect(wrong.map(told)).toEqual([]);
});

test("the domain imports nothing but Node's hashes, and its schemas, which the app never loads, zod", () => {
  const outside = inSource.filter(
    ({ from, to, isTypeOnly }) =>
      partOf(from) === "domain" && !isTypeOnly && !to.startsWith("src/"),
  );
  const isSchema = (path: string) => path.startsWith("src/domain/schemas/");
  const namesOf = (imports: readonly Import[]) =>
    new Set(imports.map(({ to }) => to));
  expect(namesOf(outside.filter(({ from }) => !isSchema(from)))).toEqual(
    new Set(["node:crypto"]),
  );
  expect(namesOf(outside.filter(({ from }) => isSchema(from)))).toEqual(
    new Set(["zod"]),
  );
  // What the API answers is written into openapi.json at packaging.
  const isForPackaging = (path: string) =>
    isSchema(path) ||
    path.startsWith("src/serve/views/") ||
    path === "src/functions/api/answers.ts";
  const loading = inSource.filter(
    ({ from, to, isTypeOnly }) =>
      !isTypeOnly && isForPackaging(to) && !isForPackaging(from),
  );
  expect(loading.map(told)).toEqual([]);
});

test("orchestrators know activities, and what they do, by type only", () => {
  const wrong = inSource.filter(
    ({ from, to, isTypeOnly }) =>
      partOf(from) === "orchestrators" &&
      partOf(to) === "activities" &&
      !isTypeOnly,
  );
  expect(wrong.map(told)).toEqual([]);
});

test("the app imports nothing of local, bench, scripts or test, and local nothing of the app", () => {
  const strangers = inSource.filter(({ to }) =>
    /^(local|bench|scripts|test)\//.test(to),
  );
  const intruders = importsBelow("local/src").filter(({ to }) =>
    to.startsWith("src/"),
  );
  expect([...strangers, ...intruders].map(told)).toEqual([]);
});

/** The library of Functions and what its SDKs build on: there is no app without them. */
const isOfFunctions = (module: string): boolean =>
  module === "@azure/functions" ||
  module === "@azure/functions-extensions-base";

test("Azure's SDKs are loaded on first use", () => {
  const eager = inSource.filter(
    ({ to, isTypeOnly, isDynamic }) =>
      to.startsWith("@azure/") &&
      !isOfFunctions(to) &&
      !isTypeOnly &&
      !isDynamic,
  );
  expect(eager.map(told)).toEqual([]);
});

test("an SDK of a service is known to its adapter alone", () => {
  const wrong = inSource.filter(
    ({ from, to }) =>
      to.startsWith("@azure/") &&
      !isOfFunctions(to) &&
      partOf(from) !== "adapters",
  );
  expect(wrong.map(told)).toEqual([]);
});

test("the orchestration of a sink knows its activities by type only, and of the app what all orchestrations share", () => {
  const known = new Set([
    "src/durable.ts",
    "src/sinks/deliverParts.ts",
    "src/sinks/effects.ts",
  ]);
  const inOrchestrations = inSource.filter(({ from }) =>
    /^src\/sinks\/(?:[^/]+\/deliver|deliverParts|effects)\.ts$/.test(from),
  );
  const wrong = inOrchestrations.filter(
    ({ to, isTypeOnly }) => !isTypeOnly && !known.has(to),
  );
  expect(inOrchestrations.length).toBeGreaterThan(8);
  expect(wrong.map(told)).toEqual([]);
});

test("sinks know of the orchestrators what is typed and shared alone", () => {
  const wrong = inSource.filter(
    ({ from, to }) =>
      partOf(from) === "sinks" &&
      partOf(to) === "orchestrators" &&
      to !== "src/durable.ts",
  );
  expect(wrong.map(told)).toEqual([]);
});
