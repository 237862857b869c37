import type { Container } from "@azure/cosmos";
import { storeOver } from "../../../src/adapters/cosmos/operations.ts";
import type { Line } from "../../../src/domain/documents.ts";
import { sinkPaths } from "../../../src/domain/paths.ts";
import { hasEnded } from "../../../local/src/functionsHost/durable/instance.ts";
import { plannedFaults } from "../../../local/src/shared/faults.ts";
import { apiOf } from "../../support/app/api.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  headOf,
  sealBatch,
} from "../../support/app/delivering.ts";
import { aDefinition, aWorld } from "../../support/app/world.ts";
import { startCosmos, type LocalCosmos } from "../../support/cosmos.ts";
import type { DurableBench } from "../../support/durable.ts";
import { until } from "../../support/until.ts";

const FULL_PARTITION = {
  service: "cosmos.partition",
  path: String.raw`\["FULL"\]$`,
  times: 1_000,
  action: "refuse",
} as const;

let server: LocalCosmos;
let container: Container;
let bench: DurableBench;
beforeAll(async () => {
  server = await startCosmos({ faults: plannedFaults([FULL_PARTITION]) });
  container = await server.aContainer({
    id: "flights_airport_delays",
    defaultTtl: -1,
  });
});
afterAll(async () => {
  bench.close();
  await server.stop();
});

const definition = aDefinition({
  sinks: {
    cosmos: { kind: "cosmos", tables: ["airport_delays"], settings: {} },
  },
});

/** What gold made of three notes of 900 kB. */
const NOTES = { notes: Array.from({ length: 3 }, () => "n".repeat(900_000)) };
/** A name of so many letters is of six times as many bytes, as an id is written. */
const LONG = "\u0416".repeat(400);

const poison: readonly (readonly [Line, number, string])[] = [
  [aRow("joined", NOTES), 413, "larger than 2 MB"],
  [aRow("huge", { note: "n".repeat(9_000_000) }), 413, "larger than 2 MB"],
  [aRow(LONG), 400, "too long"],
  [aRow(""), 400, "empty"],
  [{ ...aRow("a"), key: ["FULL", "a"] }, 403, "partition is full"],
];

const DAYS = 120;
const good: readonly Line[] = [
  ...Array.from({ length: DAYS }, (_, day) => aRow(`day-${day}`)),
  // The parser of a URI takes these for folders.
  aRow("."),
  aRow(".."),
  aRow("a/b?c#d"),
];

test("documents that Cosmos DB does not take are refused with table, key and reason, and the rest is delivered and served", async () => {
  const asApp = server.withToken().database("test").container(container.id);
  const world = Object.assign(aWorld(), {
    store: storeOver(() => Promise.resolve(asApp)),
  });
  bench = deliverOver(world);
  beginHead(world, "cosmos");
  const lines = [...good.slice(0, 60), ...poison.map(([line]) => line)];
  sealBatch(world, 1, {
    definition,
    parts: { airport_delays: [lines, good.slice(60)] },
    modes: { airport_delays: "snapshot" },
  });
  const id = bench.start("deliver", { pipeline: "flights", sink: "cosmos" });
  await until(
    () => hasEnded(bench.client.find(id).status),
    () => `the end of a delivery that is ${bench.client.find(id).status}`,
    60_000,
  );
  expect(bench.client.find(id)).toMatchObject({ output: '"idle"' });
  expect(headOf(world, "cosmos")).toMatchObject({
    nextBatch: 2,
    refused: poison.length,
  });

  const { refused } = sinkPaths("flights", "cosmos");
  const told = [...world.lake.files.keys()]
    .filter((path) => path.startsWith(`${refused}/airport_delays/`))
    .map((path) => world.lake.json(path));
  expect(told).toHaveLength(poison.length);
  for (const [{ key }, status, reason] of poison)
    expect(told).toContainEqual(
      expect.objectContaining({
        ...{ table: "airport_delays", key, batch: 1, status },
        reason: expect.stringContaining(reason) as string,
      }),
    );

  const count = "SELECT VALUE COUNT(1) FROM c";
  const { resources } = await container.items.query<number>(count).fetchAll();
  expect(resources).toEqual([good.length]);
  const api = apiOf(world);
  for (const day of ["day-7", ".", "..", "a/b?c#d"]) {
    const answer = await api.ask("getInsight", {
      ...{ pipeline: "flights", table: "airport_delays" },
      key: `ORD/${day.replace("/", "%2F")}`,
    });
    expect(answer).toMatchObject({ status: 200, body: { value: { day } } });
  }
}, 120_000);
