/** Every answer that a route can give, held against the OpenAPI document that packaging writes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { openapiOf } from "../../../../scripts/package/openapi.ts";
import { routes } from "../../../../src/functions/api/routes.ts";
import {
  batchPaths,
  inputStatusPath,
  sweepReportPath,
} from "../../../../src/domain/paths.ts";
import { rowsAfter } from "../../../../src/domain/rows.ts";
import { apiOf, type ApiAnswer, type Asked } from "../../../support/app/api.ts";
import { putDocument } from "../../../support/app/documents.ts";
import {
  aBlock,
  anAccount,
  aTable,
  putHead,
  putManifest,
  putProcessed,
  putSkipped,
} from "../../../support/app/ended.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
} from "../../../support/app/world.ts";

const document = openapiOf(routes, "1.2.3") as {
  paths: Record<
    string,
    {
      get: {
        operationId: string;
        parameters: { name: string; in: string; schema: object }[];
        responses: Record<string, { content?: Record<string, object> }>;
      };
    }
  >;
};
const operations = Object.entries(document.paths).map(([path, { get }]) => ({
  path,
  ...get,
}));
const ajv = new Ajv2020({ allowUnionTypes: true });
ajv.addVocabulary(["openapi", "info", "servers", "paths", "components"]);
// The whole document is one schema to ajv: its answers refer to each other by pointers into it.
ajv.addSchema(document, "openapi", false, false);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "openapi-"));
  writeFileSync(join(folder, "openapi.json"), JSON.stringify(document));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const pointer = (part: string): string =>
  encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

/** What the document says against an answer. */
function mistakesOf(route: string, answer: ApiAnswer): unknown {
  const operation = operations.find((each) => each.operationId === route);
  if (operation === undefined) return `no operation ${route}`;
  const { path, responses } = operation;
  const status = responses[answer.status] ? `${answer.status}` : "default";
  const type = answer.headers.get("content-type") ?? "";
  if (responses[status]?.content?.[type] === undefined)
    return `${answer.status} ${type} is not described`;
  const parts = ["paths", path, "get", "responses", status, "content", type];
  const validate = ajv.getSchema(
    `openapi#/${[...parts, "schema"].map(pointer).join("/")}`,
  );
  if (validate === undefined) return "no schema";
  return validate(answer.body) ? undefined : validate.errors;
}

/** Everything there is to tell: batches in every state, a blocked sink and one that waits for it, a lost pipeline. */
function aFullWorld() {
  const sink = { kind: "cosmos", tables: ["airport_delays"], settings: {} };
  const sinks = { cosmos: sink, later: { ...sink, after: "cosmos" } };
  const disabled = new Map([["trains", "not JSON"]]);
  const world = aWorld({
    pipelines: { ...pipelinesOf(aDefinition({ sinks })), disabled },
  });
  const airport_delays = {
    ...aTable("airport", "day"),
    refused: { null: 50, empty: 3 },
  };
  const flights = anAccount({
    ...{ accepted: 50, late: 5, quarantined: 45, duplicate: 3 },
    quarantinedBy: { "delay: type": 40, other: 5 },
  });
  for (const batch of [1, 2]) {
    // A table whose key the second batch changes.
    const turned = {
      ...aTable(batch === 1 ? "route" : "stop"),
      changes: [{ path: "part-00000.json", rows: 3 }],
    };
    const tables = { airport_delays, turned };
    putProcessed(world, batch, tables, ["cosmos", "later"], { flights });
  }
  putSkipped(world, 3);
  putManifest(world, 4, { ends: { "hub/flights": { g: { "0": 9 } } } });
  const attempt = { version: 3, attempt: 1, token: "t", createdAt: "t" };
  world.lake.put(batchPaths("flights", 1).attempt(1), {
    ...attempt,
    seconds: 6.5,
  });
  world.lake.put(batchPaths("flights", 4).blocked, {
    version: 3,
    reason: "job",
    code: "X",
    message: "m",
    file: "gold/a.sql",
    line: 3,
    runPageUrl: "https://runs/1",
    definition: "d",
    retryAt: "2026-01-01T01:00:00.000Z",
  });
  putHead(world, "cosmos", 2, {
    ...{ blocked: aBlock(), refused: 2, deliveredParts: 1 },
  });
  putHead(world, "later", 1);
  world.lake.put(sweepReportPath("flights"), {
    ...{ version: 3, failed: ["work"], moreFiles: 2, setAside: 1 },
    sweptAt: new Date(world.now()).toISOString(),
    files: [
      {
        ...{ path: "landing/airports/a.csv", reason: "r", hasFailed: true },
        since: new Date(world.now()).toISOString(),
      },
    ],
    lastSetAside: {
      ...{ name: "b.csv", source: "airports", reason: "r" },
      setAsideAt: new Date(world.now()).toISOString(),
    },
  });
  world.lake.put(inputStatusPath("flights"), {
    ...{ version: 3, at: "t", newestBatch: 1 },
    ...{ waitingEvents: 0, waitingFiles: 0, isFull: false, gaps: [] },
    ...rowsAfter(
      {},
      { batch: 1, sources: { flights }, tables: { airport_delays } },
    ),
  });
  const container = "flights_airport_delays";
  putDocument(world, container, ["ORD", "2001-03-31"], {
    value: { n: 9007199254740992, city: null },
    exact: { n: "9007199254740993" },
  });
  putDocument(world, container, ["ORD", "2001-04-01"], {});
  return world;
}

const DELAYS = { pipeline: "flights", table: "airport_delays" };
const asked: [string, number, Record<string, string>, Asked][] = [
  ["getHealth", 200, {}, {}],
  ["getOpenapi", 200, {}, {}],
  ["getPipelines", 200, {}, {}],
  ["getPipeline", 200, { pipeline: "flights" }, {}],
  ["getPipeline", 200, { pipeline: "trains" }, {}],
  ["getPipeline", 404, { pipeline: "ships" }, {}],
  ["getBatches", 200, { pipeline: "flights" }, {}],
  ["getBatches", 404, { pipeline: "ships" }, {}],
  // Its definition cannot be read: not the caller's fault.
  ["getBatches", 500, { pipeline: "trains" }, {}],
  ["getBatch", 200, { pipeline: "flights", batch: "1" }, {}],
  ["getBatch", 200, { pipeline: "flights", batch: "3" }, {}],
  ["getBatch", 200, { pipeline: "flights", batch: "4" }, {}],
  ["getBatch", 404, { pipeline: "flights", batch: "9" }, {}],
  ["getBatch", 404, { pipeline: "flights", batch: "x" }, {}],
  ["getInsight", 200, { ...DELAYS, key: "ORD/2001-03-31" }, {}],
  ["getInsight", 200, { ...DELAYS, key: "ORD" }, {}],
  ["getInsight", 200, { ...DELAYS, key: "ORD" }, { query: { limit: "1" } }],
  ["getInsight", 404, { ...DELAYS, key: "ORD/2001-03-30" }, {}],
  ["getInsight", 404, { ...DELAYS, table: "routes", key: "ORD" }, {}],
  ["getInsight", 404, { ...DELAYS, table: "none", key: "ORD" }, {}],
  ["getInsight", 404, { ...DELAYS, pipeline: "ships", key: "ORD" }, {}],
  ["getInsight", 409, { ...DELAYS, table: "turned", key: "1" }, {}],
  ["getInsight", 400, { ...DELAYS, key: "" }, {}],
  ["getInsight", 400, { ...DELAYS, key: "ORD" }, { query: { limit: "0" } }],
];

test.each(asked)(
  "%s answers %s as the document says, given %j %j",
  async (route, status, params, more) => {
    const api = apiOf(aFullWorld(), join(folder, "openapi.json"));
    const answer = await api.ask(route, params, more);
    expect(answer.status).toBe(status);
    expect(mistakesOf(route, answer)).toBeUndefined();
  },
);

test("an app of which nothing works answers 503 as the document says", async () => {
  const world = aWorld();
  world.lake.listFolders = () => Promise.reject(new Error("gone"));
  const answer = await apiOf(world).ask("getHealth");
  expect(answer.status).toBe(503);
  expect(mistakesOf("getHealth", answer)).toBeUndefined();
});

test("an unchanged row is 304 with nothing in it", async () => {
  const params = { ...DELAYS, key: "ORD/2001-03-31" };
  const api = apiOf(aFullWorld());
  const etag = (await api.ask("getInsight", params)).headers.get("etag") ?? "";
  const answer = await api.ask("getInsight", params, { etag });
  expect(answer).toMatchObject({ status: 304, text: "" });
  expect(answer.headers.get("etag")).toBe(etag);
  const operation = operations.find(
    (each) => each.operationId === "getInsight",
  );
  expect(operation?.responses["304"]).not.toHaveProperty("content");
});

test("everything that a pipeline can tell beside its state is among what is described", async () => {
  const api = apiOf(aFullWorld());
  const health = (await api.ask("getHealth")).body;
  expect(health).toMatchObject({
    pipelines: { flights: { files: { notTaken: 3 }, shares: {} } },
  });
  const { body } = await api.ask("getPipeline", { pipeline: "flights" });
  expect(body).toMatchObject({
    files: { first: {}, lastSetAside: {} },
    remarks: [{ about: "quarantined" }, { about: "refused" }],
    sources: { flights: { newest: {} } },
    tables: { airport_delays: { refusedShare: 0.9464 } },
  });
});

test("an answer that is not as described is noticed", async () => {
  const api = apiOf(aFullWorld());
  const answer = await api.ask("getBatch", { pipeline: "flights", batch: "1" });
  const wrong = { ...(answer.body as object), state: "published" };
  expect(mistakesOf("getBatch", { ...answer, body: wrong })).toMatchObject([
    { instancePath: "/state" },
  ]);
});

test("every status that the document describes was asked for", () => {
  const given = new Set(asked.map(([route, status]) => `${route} ${status}`));
  const described = operations.flatMap(({ operationId, responses }) =>
    Object.keys(responses)
      // A key is the host's affair; 304 and 503 have tests of their own.
      .filter((status) => !["401", "304", "503", "default"].includes(status))
      .map((status) => `${operationId} ${status}`),
  );
  expect(described.filter((each) => !given.has(each))).toEqual([]);
});

test("each parameter of a path is described, and each of a query with its limits", () => {
  for (const { path, parameters } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = parameters.filter((each) => each.in === "path");
    expect(described.map(({ name }) => name)).toEqual(inPath);
  }
  const insight = operations.find((each) => each.operationId === "getInsight");
  expect(
    insight?.parameters.find(({ name }) => name === "limit"),
  ).toMatchObject({
    in: "query",
    schema: { type: "integer", minimum: 1, maximum: 1000, default: 100 },
  });
});
