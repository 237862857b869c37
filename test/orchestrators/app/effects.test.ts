import type { OrchestrationContext } from "durable-functions";
import { tasksOf } from "../../../src/durable.ts";
import type { OwedPart } from "../../../src/domain/parts.ts";
import { deliverParts } from "../../../src/sinks/deliverParts.ts";
import { tried, type Effect } from "../../../src/sinks/effects.ts";
import type { Delivery, SinkKind } from "../../../src/sinks/kind.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
} from "../../support/app/delivering.ts";
import { aBlock } from "../../support/app/ended.ts";
import { runsOf } from "../../support/app/watching.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let world: World;
let bench: DurableBench;
beforeEach(() => {
  world = aWorld();
});
afterEach(() => bench.close());

const FAILED: Effect = {
  kind: "failed",
  failure: {
    code: "STORE_REFUSED",
    message: "It answered 503.",
    fault: "theirs",
  },
};
const UNFINISHED = {
  code: "DELIVERY_FAILED",
  message: "A function of the delivery ended without an answer.",
  fault: "theirs",
};

type EffectOf = (part: OwedPart | undefined) => Promise<Effect>;

/** A kind whose effect a test says: of each part, or of the batch. */
function aKind(effect: EffectOf, isWhole = false): SinkKind {
  const of = tasksOf<{
    probeEffect: (ask: OwedPart | null) => Promise<Effect>;
  }>;
  return {
    name: "probe",
    settings: () => ({}),
    provision: () => ({}),
    createActivities: () => ({
      probeEffect: (ask: OwedPart | null) => effect(ask ?? undefined),
    }),
    *deliver(context: OrchestrationContext, delivery: Delivery) {
      const { probeEffect } = of(context);
      if (!isWhole)
        return yield* deliverParts(context, delivery, probeEffect, {
          notesAll: false,
        });
      const result = yield* tried(context, delivery, () => probeEffect(null));
      const noted = delivery.part;
      return result.kind === "failed"
        ? { ...result, noted }
        : { kind: "delivered", noted, recount: false };
    },
  };
}

/** Delivers one batch of so many parts, and says how it ended and after how many seconds of each try. */
async function deliver(effect: EffectOf, parts: number, isWhole = false) {
  const tries: number[] = [];
  let began = 0;
  const kind = aKind((part) => {
    tries.push(Math.round((bench.clock.now() - began) / 1000));
    return effect(part);
  }, isWhole);
  bench = deliverOver(world, { kinds: { probe: kind } });
  began = bench.clock.now();
  if (!headOf(world, "probe")) beginHead(world, "probe");
  sealBatch(world, 1, {
    definition: aDefinition({
      sinks: { probe: { kind: "probe", tables: ["routes"], settings: {} } },
    }),
    parts: {
      routes: Array.from({ length: parts }, (_, part) => [aRow(`${part}`)]),
    },
  });
  const ended = await deliverToTheEnd(world, bench, "probe");
  return { ended, tries };
}

/** It is probed by the next batch that ends. */
const aBlockOfYesterday = () =>
  aBlock({
    code: "SINK_TARGET_REPLACED",
    failedAt: "2025-12-31T00:00:00.000Z",
  });

const broken = (): Promise<Effect> => Promise.reject(new Error("It broke."));
// An activity that answers nothing.
const silent = () => Promise.resolve(undefined) as unknown as Promise<Effect>;

test.each([
  ["throws", broken, false],
  ["throws", broken, true],
  ["answers nothing", silent, false],
  ["answers nothing", silent, true],
])(
  "an effect that %s has failed: it is tried again after 5 and 25 seconds, then the sink is blocked",
  async (_, effect, isWhole) => {
    const { ended, tries } = await deliver(effect, 1, isWhole);
    expect(ended).toBe("blocked");
    expect(tries).toEqual([0, 5, 30]);
    expect(headOf(world, "probe")).toMatchObject({
      ...{ nextBatch: 1, deliveredParts: 0 },
      blocked: { ...UNFINISHED, failures: 1 },
    });
  },
);

test("where one of a wave throws, all of the wave are delivered again", async () => {
  let isBroken = true;
  const done: string[] = [];
  const { ended, tries } = await deliver((part) => {
    const name = part?.path.split("/").at(-1) ?? "";
    if (name === "part-1.json" && isBroken) {
      isBroken = false;
      return broken();
    }
    done.push(name);
    return Promise.resolve({ kind: "done" });
  }, 3);
  expect(ended).toBe("idle");
  expect(tries).toEqual([0, 0, 0, 5, 5, 5]);
  expect(done.sort()).toEqual(
    [0, 0, 1, 2, 2].map((part) => `part-${part}.json`),
  );
});

test("parts before the first that failed are noted, and delivered no more; those behind it are", async () => {
  let tries = 0;
  const asked: string[] = [];
  const { ended } = await deliver((part) => {
    const name = part?.path.split("/").at(-1) ?? "";
    asked.push(name);
    if (name === "part-2.json") tries += 1;
    const isFailing = name === "part-2.json" && tries < 3;
    return Promise.resolve(isFailing ? FAILED : { kind: "done" });
  }, 4);
  expect(ended).toBe("idle");
  expect(asked.sort()).toEqual(
    [0, 1, 2, 2, 2, 3, 3, 3].map((part) => `part-${part}.json`),
  );
  expect(headOf(world, "probe")).toMatchObject({ nextBatch: 2 });
});

test("the pauses begin anew behind a wave that is delivered", async () => {
  const failing = new Map([
    ["part-1.json", 2],
    ["part-2.json", 2],
  ]);
  const { ended, tries } = await deliver((part) => {
    const name = part?.path.split("/").at(-1) ?? "";
    const left = failing.get(name) ?? 0;
    failing.set(name, left - 1);
    return Promise.resolve(left > 0 ? FAILED : { kind: "done" });
  }, 3);
  expect(ended).toBe("idle");
  expect(Math.max(...tries)).toBe(30);
});

test("what an operator has to mend is not tried again where it is the whole batch", async () => {
  const failure = { ...FAILED.failure, fault: "ours" as const };
  const ours: Effect = { kind: "failed", failure };
  const { ended, tries } = await deliver(() => Promise.resolve(ours), 1, true);
  expect(ended).toBe("blocked");
  expect(tries).toEqual([0]);
});

test.each([false, true])(
  "a probe is one try: a batch as a whole is %s",
  async (isWhole) => {
    beginHead(world, "probe", {
      blocked: aBlockOfYesterday(),
    });
    const { ended, tries } = await deliver(
      () => Promise.resolve(FAILED),
      3,
      isWhole,
    );
    expect(ended).toBe("blocked");
    expect(tries).toEqual([0]);
    expect(headOf(world, "probe")?.blocked).toMatchObject({ failures: 2 });
  },
);

test("what is behind a probe that is delivered is tried again as ever", async () => {
  beginHead(world, "probe", {
    blocked: aBlockOfYesterday(),
  });
  const { ended, tries } = await deliver(
    (part) =>
      Promise.resolve(
        part?.path.endsWith("part-0.json") ? { kind: "done" } : FAILED,
      ),
    2,
  );
  expect(ended).toBe("blocked");
  expect(tries).toEqual([0, 0, 5, 30]);
  expect(headOf(world, "probe")).toMatchObject({
    ...{ deliveredParts: 1, blocked: { failures: 1 } },
  });
});

test("a wave that is the end of a batch is noted by that end, and others by a note each", async () => {
  const done = () => Promise.resolve({ kind: "done" as const });
  await deliver(done, 8);
  expect(runsOf(bench, "noteParts")).toBe(0);
  bench.close();
  world = aWorld();
  await deliver(done, 17);
  expect(runsOf(bench, "noteParts")).toBe(2);
});

test("an announcement that is refused blocks its sink where it stands", async () => {
  bench = deliverOver(world);
  Object.assign(world.config, {
    sinkSetting: (name: string) =>
      name.endsWith("_URL")
        ? "https://receiver.example/hook"
        : "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
  });
  world.webhooks.post = () => Promise.resolve(410);
  beginHead(world, "notify");
  sealBatch(world, 1, {
    definition: aDefinition({
      sinks: { notify: { kind: "notify", tables: ["routes"], settings: {} } },
    }),
  });
  expect(await deliverToTheEnd(world, bench, "notify")).toBe("blocked");
  expect(headOf(world, "notify")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 0 },
    blocked: {
      ...{ code: "RECEIVER_REFUSED", fault: "theirs", failures: 1 },
      message: "The receiver answered 410.",
    },
  });
});
