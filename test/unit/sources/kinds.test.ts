import { readdirSync } from "node:fs";
import { sourceKinds } from "../../../src/sources/index.ts";
import {
  latestOf,
  NO_ARRIVALS,
  sumArrivals,
} from "../../../src/sources/kind.ts";
import { packaging as ofHub } from "../../../src/sources/hub/packaging.ts";
import { packaging as ofLanding } from "../../../src/sources/landing/packaging.ts";
import { aBatch } from "../../support/app/events.ts";
import { aDefinition, aWorld } from "../../support/app/world.ts";

const FILES = ["arrivals", "clashes", "compile", "index", "packaging"];

test("each folder of sources is a kind of the table, with the same files", () => {
  const folders = readdirSync("src/sources", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders).toEqual(sourceKinds.map(({ name }) => name));
  for (const folder of folders)
    expect(readdirSync(`src/sources/${folder}`)).toEqual(
      expect.arrayContaining(
        [...FILES, "provision", "trigger", "yaml"].map((name) => `${name}.ts`),
      ),
    );
});

const triggersOf = (world: ReturnType<typeof aWorld>) =>
  sourceKinds.flatMap((kind) => kind.triggers(world.pipelines));

test("every input has a function, and what the host would drop is tried for ever", () => {
  const triggers = triggersOf(aWorld());
  expect(
    triggers.map(({ name, binding, retriesForEver }) => [
      name,
      binding.type,
      retriesForEver,
    ]),
  ).toEqual([
    ["ingestEvents-flights", "eventHubTrigger", true],
    ["claimQueued", "queueTrigger", false],
    ["claimBlob-flights-airports", "blobTrigger", false],
  ]);
});

test("an input that is taken in answers the pipelines that have something to do, and is found behind the watermark", async () => {
  const world = aWorld();
  const take = async (name: string, input: unknown, metadata = {}) =>
    triggersOf(world)
      .find((each) => each.name === name)
      ?.take(world, { input, metadata });

  const { bodies, metadata } = aBatch(0, 9);
  expect(await take("ingestEvents-flights", bodies, metadata)).toEqual([
    "flights",
  ]);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];

  world.lake.drop("landing/airports/a.csv", "iata");
  const told = (path: string) => ({
    subject: `/blobServices/default/containers/lake/blobs/${path}`,
    data: { api: "PutBlob", eTag: world.lake.files.get(path)?.etag },
  });
  expect(await take("claimQueued", told("elsewhere/a.csv"))).toEqual([]);
  expect(await take("claimQueued", "no event")).toEqual([]);
  expect(await take("claimQueued", told("landing/airports/a.csv"))).toEqual([
    "flights",
  ]);
  world.lake.drop("landing/airports/b.csv", "iata");
  expect(
    await take("claimBlob-flights-airports", "iata", {
      blobTrigger: "lake/landing/airports/b.csv",
    }),
  ).toEqual(["flights"]);

  world.clock.now += world.config.lake.settleSeconds * 1000;
  const after = {
    pipeline: "flights",
    ends: {},
    awaited: [],
    maxEvents: 100,
    maxFiles: 10,
  };
  const [ofHub, ofLanding] = await Promise.all(
    sourceKinds.map((kind) => kind.readArrivals(world, aDefinition(), after)),
  );
  expect(ofHub?.partitions).toMatchObject([
    { of: { stream: "hub/flights" }, pieces: [{ from: 0, to: 9 }] },
  ]);
  expect(ofLanding?.files.map(({ name }) => name)).toEqual(["a.csv", "b.csv"]);
});

test("what has arrived of several is all of it, with the last of their times", () => {
  expect(sumArrivals([])).toEqual(NO_ARRIVALS);
  expect(sumArrivals([NO_ARRIVALS, NO_ARRIVALS])).toEqual(NO_ARRIVALS);
  const of = { stream: "hub/h", generation: "g", partition: "0" };
  const one = {
    ...NO_ARRIVALS,
    partitions: [{ of, pieces: [] }],
    notLanded: [{ ...of, events: 1 }],
    ...{ unclaimedFiles: 2, lastLandedAt: 5, settlesAt: 9, isFull: true },
  };
  const closesAt = "2026-01-01T00:00:00.000Z";
  const two = {
    ...{ ...NO_ARRIVALS, gaps: [{ ...of, from: 1, to: 2, closesAt }] },
    ...{ unclaimedFiles: 3, lastLandedAt: 7, settlesAt: 8 },
  };
  expect(sumArrivals([one, NO_ARRIVALS, two])).toEqual({
    ...{ ...one, gaps: two.gaps },
    ...{ unclaimedFiles: 5, lastLandedAt: 7, settlesAt: 9 },
  });
});

test("the latest of no time is none, and of very many the last", () => {
  expect(latestOf([])).toBeUndefined();
  expect(latestOf([3, 7, 5])).toBe(7);
  expect(latestOf([-3])).toBe(-3);
  expect(latestOf(new Array<number>(200_000).fill(1))).toBe(1);
});

test("what packages a kind is loaded when it is asked for", async () => {
  const packagings = await Promise.all(
    sourceKinds.map((kind) => kind.packaging()),
  );
  expect(packagings).toEqual([ofHub, ofLanding]);
});
