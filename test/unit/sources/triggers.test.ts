import { hub } from "../../../src/sources/hub/index.ts";
import { landing } from "../../../src/sources/landing/index.ts";
import type { SourceKind } from "../../../src/sources/kind.ts";
import { aBatch } from "../../support/app/events.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

/** Without what it does. */
const shown = (kind: SourceKind, { pipelines }: World) =>
  kind.triggers(pipelines).map(({ name, binding, retriesForEver }) => ({
    ...{ name, binding, retriesForEver },
  }));

const ofHub = (name: string, consumerGroup = "assay") => ({
  name: `ingestEvents-${name}`,
  binding: {
    ...{ type: "eventHubTrigger", connection: "EventHubs", consumerGroup },
    ...{ eventHubName: name, cardinality: "many", sdkBinding: true },
    dataType: "binary",
  },
  retriesForEver: true,
});

test("each hub has one function, also one of a pipeline that is disabled, as far as it can be read", async () => {
  const pipelines = {
    ...pipelinesOf(aDefinition(), aDefinition({ pipeline: "other" })),
    disabledSources: [
      { kind: "hub", hub: "flights", consumerGroup: "late" },
      { kind: "hub", hub: "trains", consumerGroup: "late" },
      { kind: "hub", hub: "ships" },
      { kind: "hub", consumerGroup: "late" },
      { kind: "hub", hub: 7, consumerGroup: "late" },
      { kind: "hub", hub: "ships", consumerGroup: 7 },
      { kind: "landing", hub: "ships", consumerGroup: "late" },
    ],
  };
  const world = aWorld({ pipelines });
  expect(shown(hub, world)).toEqual([
    ofHub("flights"),
    ofHub("trains", "late"),
  ]);
  const take = (name: string) => {
    const { bodies: input, metadata } = aBatch(0, 1);
    return hub
      .triggers(pipelines)
      .find((each) => each.name === name)
      ?.take(world, { input, metadata });
  };
  expect(await take("ingestEvents-flights")).toEqual(["flights", "other"]);
  expect(await take("ingestEvents-trains")).toEqual([]);
});

test("all folders have one queue, and a source that asks for it a function of its own", () => {
  const queue = {
    name: "claimQueued",
    binding: {
      ...{ type: "queueTrigger", connection: "Lake" },
      queueName: "landing-events",
    },
    retriesForEver: false,
  };
  const blob = {
    name: "claimBlob-flights-airports",
    binding: {
      ...{ type: "blobTrigger", connection: "Lake", source: "EventGrid" },
      path: "%LAKE_CONTAINER%/landing/airports/{name}",
    },
    retriesForEver: false,
  };
  expect(shown(landing, aWorld())).toEqual([queue, blob]);
  const definition = aDefinition();
  const { airports } = definition.sources;
  if (airports?.kind !== "landing") throw new Error("It is no folder.");
  const queued = { ...airports, trigger: "queue" as const };
  const pipelines = pipelinesOf(aDefinition({ sources: { queued } }));
  expect(shown(landing, aWorld({ pipelines }))).toEqual([queue]);
});

const take = (world: World, name: string, input: unknown, metadata = {}) =>
  landing
    .triggers(world.pipelines)
    .find((each) => each.name.startsWith(name))
    ?.take(world, { input, metadata });

test("a message that names no file of the lake is told and starts nothing", async () => {
  const world = aWorld();
  const path = "landing/airports/a.csv";
  world.lake.drop(path, "x");
  const subjectOf = (container: string) => ({
    subject: `/blobServices/default/containers/${container}/blobs/${path}`,
  });
  expect(await take(world, "claimQueued", "no event")).toEqual([]);
  expect(await take(world, "claimQueued", subjectOf("other"))).toEqual([]);
  const why = "the message names no file of the lake";
  expect(world.logged).toEqual([
    { event: "file.refused", fields: { path: "", why } },
    { event: "file.refused", fields: { path, why } },
  ]);
  expect(world.lake.files.has(path)).toBe(true);
});

test.each([
  [{ eTag: "0x1" }, true],
  [{ eTag: "0x2" }, false],
  [{ eTag: 1 }, true],
  [{}, true],
  [null, true],
  ["x", true],
  [undefined, true],
])(
  "a blob whose properties are %j is taken where they are those of the file: %s",
  async (properties, isTaken) => {
    const world = aWorld();
    // The host may give a name as a number.
    const path = "landing/airports/2024/7";
    world.lake.drop(path, "x", world.now() - 3_600_000);
    const metadata = { blobTrigger: `lake/${path}`, properties };
    const taken = await take(world, "claimBlob", "x", metadata);
    expect(taken).toEqual(isTaken ? ["flights"] : []);
    expect(world.lake.files.has(path)).toBe(!isTaken);
  },
);
