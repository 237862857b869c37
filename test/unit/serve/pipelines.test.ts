import {
  describePipeline,
  listPipelines,
} from "../../../src/serve/pipelines.ts";
import {
  aBlock,
  aTable,
  putHead,
  putManifest,
  putProcessed,
  putSkipped,
} from "../../support/app/ended.ts";
import { aDefinition, aWorld, pipelinesOf } from "../../support/app/world.ts";

const TABLES = { airport_delays: aTable("airport", "day") };
const sink = { kind: "cosmos", tables: ["routes"], settings: {} };
const sinks = { cosmos: sink, later: { ...sink, after: "cosmos" } };
const pipelines = () => pipelinesOf(aDefinition({ sinks }));

test("pipelines are listed with their states, disabled ones too", async () => {
  const disabled = new Map([["trains", "not JSON"]]);
  const world = aWorld({ pipelines: { ...aWorld().pipelines, disabled } });
  expect(await listPipelines(world)).toEqual({
    pipelines: [
      { pipeline: "flights", state: "ok" },
      { pipeline: "trains", state: "disabled" },
    ],
  });
  expect(await describePipeline(world, "trains")).toEqual({
    pipeline: "trains",
    state: "disabled",
    detail: "not JSON",
    sources: {},
    tables: {},
    sinks: {},
  });
  await expect(describePipeline(world, "ships")).rejects.toMatchObject({
    code: "PIPELINE_UNKNOWN",
  });
});

test("a pipeline tells its sources, tables and sinks", async () => {
  const world = aWorld({ pipelines: pipelines() });
  const { digest } = aDefinition({ sinks });
  const idle = {
    kind: "cosmos",
    tables: ["routes"],
    state: "idle",
    behind: { batches: 0, seconds: 0 },
    refused: 0,
  };
  expect(await describePipeline(world, "flights")).toEqual({
    pipeline: "flights",
    state: "ok",
    definition: digest,
    sources: {
      flights: {
        kind: "hub",
        input: "stream",
        stream: "hub/flights",
        hub: "flights",
        consumerGroup: "assay",
        contiguous: true,
      },
      airports: {
        kind: "landing",
        input: "files",
        folder: "airports",
        trigger: "blob",
        format: { kind: "ndjson" },
        onRedrop: "replace",
      },
    },
    tables: {
      airport_delays: { key: ["airport", "day"] },
      routes: { key: ["route"] },
    },
    sinks: { cosmos: idle, later: { ...idle, after: "cosmos" } },
  });
});

test("a sink is behind by the batches that have ended, since the first of them", async () => {
  const world = aWorld({ pipelines: pipelines() });
  putProcessed(world, 1, TABLES);
  putHead(world, "cosmos", 2);
  putHead(world, "later", 2);
  putProcessed(world, 2, TABLES);
  world.clock.now += 90_000;
  putSkipped(world, 3);
  putManifest(world, 4);
  const { sinks: views } = await describePipeline(world, "flights");
  const behind = { batches: 2, seconds: 90 };
  expect(views["cosmos"]).toMatchObject({ state: "delivering", behind });
  expect(views["later"]).toMatchObject({ state: "waiting", behind });
});

test("a blocked sink tells why, and one that waited for it goes on once it is past", async () => {
  const world = aWorld({ pipelines: pipelines() });
  putProcessed(world, 1, TABLES);
  putProcessed(world, 2, TABLES);
  putHead(world, "cosmos", 2, { blocked: aBlock(), refused: 4 });
  putHead(world, "later", 1);
  const { sinks: views } = await describePipeline(world, "flights");
  expect(views["cosmos"]).toEqual({
    kind: "cosmos",
    tables: ["routes"],
    movedAt: "2026-01-01T00:00:00.000Z",
    state: "blocked",
    behind: { batches: 1, seconds: 0 },
    refused: 4,
    blocked: {
      code: "STORE_REFUSED",
      message: "no such container",
      fault: "theirs",
      since: "2026-01-01T00:00:00.000Z",
      retryAt: "2026-01-01T01:00:00.000Z",
    },
  });
  expect(views["later"]).toMatchObject({ state: "delivering" });
});

test("a sink that the package has no more is told as retired, and is not behind", async () => {
  const world = aWorld();
  putProcessed(world, 1, TABLES);
  putHead(world, "cosmos", 2);
  putHead(world, "old", 1, { retiredAt: "2026-01-01T00:00:00.000Z" });
  const { sinks: views } = await describePipeline(world, "flights");
  expect(views["old"]).toMatchObject({
    kind: "cosmos",
    tables: [],
    state: "retired",
    behind: { batches: 0, seconds: 0 },
  });
});
