import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { apiOf } from "../../support/app/api.ts";
import {
  anAccount,
  aTable,
  putHead,
  putProcessed,
} from "../../support/app/ended.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

type Sources = Parameters<typeof putProcessed>[4];
type Tables = Parameters<typeof putProcessed>[2];

/** A batch ends, and the watcher looks. */
async function endOf(
  world: World,
  batch: number,
  sources: Sources,
  tables: Tables = {},
): Promise<void> {
  putProcessed(world, batch, tables, ["cosmos"], sources);
  await readPipelineStatus(world, { pipeline: "flights" });
}

/** What anybody is told of the pipeline, and what whoever has the key is. */
async function tell(world: World) {
  world.clock.now += 10_000;
  const api = apiOf(world);
  const { body } = await api.ask("getHealth");
  const health = body as { status: string; pipelines: { flights: object } };
  const own = await api.ask("getPipeline", { pipeline: "flights" });
  return {
    status: health.status,
    told: health.pipelines.flights,
    own: own.body,
  };
}

const allBad = anAccount({
  quarantined: 8759,
  quarantinedBy: { "measured_at: x-parse": 8758, "other: enum": 1 },
});

test("a pipeline whose rows all go to quarantine is degraded: anybody is told the share, the key's holder why and what to do", async () => {
  const world = aWorld();
  await endOf(world, 1, { flights: allBad });
  const { status, told, own } = await tell(world);
  expect(status).toBe("degraded");
  expect(told).toMatchObject({
    state: "degraded",
    detail:
      "source flights: 100 % of the newest rows are in quarantine (batch 1): GET /api/pipelines/flights says why",
    shares: { sources: { flights: { quarantined: 1, late: 0 } } },
  });
  expect(JSON.stringify(told)).not.toContain("x-parse");
  const text =
    'source flights: 8,759 of the newest 8,759 rows are in quarantine (batch 1), 8,758 of them for "measured_at: x-parse". Look at silver.flights_quarantine, then mend the contract or what is sent, and send or drop it again: what is judged keeps its verdict. If so many are as they should be, write a larger share below tolerated, quarantined.';
  expect(own).toMatchObject({
    state: "degraded",
    detail: text,
    remarks: [{ about: "quarantined", place: "source flights", text }],
    sources: {
      flights: {
        newest: {
          ...{ batches: [1], rows: 8759, quarantined: 8759 },
          ...{ quarantinedShare: 1, lateShare: 0 },
          quarantinedBy: { "measured_at: x-parse": 8758 },
        },
      },
    },
  });
});

test("it stays so until rows of that source are accepted, whatever other sources bring, in any process", async () => {
  const world = aWorld();
  const good = anAccount({ accepted: 500, quarantined: 50 });
  await endOf(world, 1, { flights: allBad });
  for (const batch of [2, 3, 4]) await endOf(world, batch, { airports: good });
  expect(await tell(world)).toMatchObject({ status: "degraded" });
  await endOf(world, 5, { flights: good });
  expect(await tell(world)).toMatchObject({
    status: "ok",
    told: { shares: { sources: { flights: { quarantined: 0.0909 } } } },
  });
});

test("the end of a batch is told before the watcher has looked again", async () => {
  const world = aWorld();
  putProcessed(world, 1, {}, ["cosmos"], { flights: allBad });
  expect(await tell(world)).toMatchObject({ told: { state: "degraded" } });
});

test("a pipeline says itself which share it tolerates", async () => {
  const worldOf = (tolerated: object) =>
    aWorld({
      pipelines: pipelinesOf(
        aDefinition({
          tolerated: { quarantined: 0.1, refused: 0.1, ...tolerated },
        }),
      ),
    });
  const account = anAccount({ accepted: 45, late: 50, quarantined: 5 });
  const stateWith = async (tolerated: object) => {
    const world = worldOf(tolerated);
    await endOf(world, 1, { flights: account });
    return tell(world);
  };
  expect(await stateWith({})).toMatchObject({ status: "ok" });
  expect(await stateWith({ quarantined: 0.05 })).toMatchObject({
    status: "ok",
  });
  expect(await stateWith({ quarantined: 0.04 })).toMatchObject({
    told: {
      state: "degraded",
      detail: expect.stringContaining(": 5 % of the newest rows") as string,
    },
  });
  expect(await stateWith({ late: 0.4 })).toMatchObject({
    told: {
      state: "degraded",
      detail:
        "source flights: 50 % of the newest rows are late (batch 1): GET /api/pipelines/flights says why",
    },
  });
});

test("rows of gold whose key names no document, and documents that a store refuses, are told with their share", async () => {
  const world = aWorld();
  const refused = { null: 20, "too long": 5 };
  const routes = { ...aTable("route"), rows: 75, refused };
  const delays = { ...aTable("airport"), rows: 25 };
  await endOf(world, 1, {}, { airport_delays: delays, routes });
  putHead(world, "cosmos", 2, { refused: 50 });
  expect(await tell(world)).toMatchObject({
    told: {
      state: "degraded",
      detail:
        "gold table routes: 25 % of the rows are left out, since their key names no document: GET /api/pipelines/flights says why",
      shares: {
        tables: { airport_delays: { refused: 0 }, routes: { refused: 0.25 } },
        sinks: { cosmos: { refused: 0.5 } },
      },
    },
    own: {
      remarks: [
        {
          place: "gold table routes",
          text: expect.stringContaining(
            "25 of 100 rows are left out, since their key names no document (it is null in 20, too long in 5). Mend gold/routes.sql",
          ) as string,
        },
        {
          place: "sink cosmos",
          text: expect.stringContaining(
            "50 of 100 documents are refused by its store. _assay/pipelines/flights/sinks/cosmos/refused says why",
          ) as string,
        },
      ],
      tables: { routes: { rows: 75, refused, refusedShare: 0.25 } },
      sinks: { cosmos: { refused: 50, refusedShare: 0.5 } },
    },
  });
});

test("what stands still is told before what goes astray", async () => {
  const world = aWorld();
  await endOf(world, 1, { flights: allBad });
  putHead(world, "cosmos", 1);
  world.clock.now += 5 * 60_000;
  expect(await tell(world)).toMatchObject({ told: { state: "degraded" } });
  world.clock.now += 11 * 60_000;
  expect(await tell(world)).toMatchObject({
    told: { state: "notSwept" },
    own: { remarks: [{ place: "source flights" }] },
  });
});

test("a batch tells the shares beside its counts", async () => {
  const world = aWorld();
  const refused = { empty: 1 };
  const tables = { routes: { ...aTable("route"), rows: 7, refused } };
  const account = anAccount({
    ...{ accepted: 5, late: 1, quarantined: 2, duplicate: 90 },
    quarantinedBy: { "delay: type": 2 },
  });
  putProcessed(world, 1, tables, ["cosmos"], { flights: account });
  const params = { pipeline: "flights", batch: "1" };
  expect((await apiOf(world).ask("getBatch", params)).body).toMatchObject({
    sources: {
      flights: {
        ...{ quarantinedShare: 0.25, lateShare: 0.125 },
        quarantinedBy: { "delay: type": 2 },
      },
    },
    tables: { routes: { refused, refusedShare: 0.125 } },
  });
});

test("health reads as much after three hundred batches as after three", async () => {
  const readsAfter = async (batches: number) => {
    const world = aWorld();
    for (let batch = 1; batch <= batches; batch += 1)
      await endOf(world, batch, { flights: allBad });
    putHead(world, "cosmos", batches + 1);
    await tell(world);
    world.lake.counts.clear();
    await tell(world);
    return world.lake.counts.get("read");
  };
  expect(await readsAfter(300)).toBe(await readsAfter(3));
});

test("of a source that the definition has no more, nothing is left to look after", async () => {
  const world = aWorld();
  await endOf(world, 1, {
    gone: allBad,
    flights: anAccount({ accepted: 100 }),
  });
  const { status, told } = await tell(world);
  expect(status).toBe("ok");
  expect(told).toMatchObject({ state: "ok" });
  expect(JSON.stringify(told)).not.toContain("gone");
});
