import { RetryOptions } from "durable-functions";
import {
  DurableBench,
  result,
  settled,
  type DurableApp,
} from "../../support/durable.ts";

let bench: DurableBench;
const begin = (app: DurableApp): DurableBench =>
  (bench = new DurableBench(app));
afterEach(() => bench.close());

/** Fails as often as `times` says, by name. */
function failing(times: Record<string, number>) {
  return (name: unknown): string => {
    const left = times[String(name)] ?? 0;
    times[String(name)] = left - 1;
    if (left > 0) throw new Error(`${String(name)} ${left}`);
    return `${String(name)} done`;
  };
}

const scheduled = (): (string | number)[][] =>
  bench.history().flatMap((event) => {
    if (event.EventType === 4) return [["activity", event.EventId]];
    if (event.EventType === 10)
      return [["timer", event.EventId, event.FireAt.slice(14, 23)]];
    return [];
  });

test("a try that fails is followed by a timer and another try, with the next ids", async () => {
  begin({
    activities: { work: failing({ a: 2 }) },
    orchestrators: {
      *steady({ df }) {
        const first = yield* result<string>(
          df.callActivityWithRetry("work", new RetryOptions(5_000, 3), "a"),
        );
        return [first, yield* result(df.callActivity("work", "b"))];
      },
    },
  });
  bench.start("steady");
  await bench.turns(2);
  await bench.clock.advance(5_000);
  await bench.turns(4);
  await bench.clock.advance(5_000);
  expect((await bench.ended()).output).toBe('["a done","b done"]');
  expect(scheduled()).toEqual([
    ["activity", 0],
    ["timer", 1, "00:05.000"],
    ["activity", 2],
    ["timer", 3, "00:10.000"],
    ["activity", 4],
    ["activity", 5],
  ]);
});

test("after the last try a dummy timer fires at once, and then the error surfaces", async () => {
  begin({
    activities: { work: failing({ a: 9 }) },
    orchestrators: {
      *doomed({ df }) {
        try {
          yield df.callActivityWithRetry(
            "work",
            new RetryOptions(5_000, 2),
            "a",
          );
        } catch (error) {
          return (error as Error).message;
        }
        return "none";
      },
    },
  });
  bench.start("doomed");
  await bench.turns(2);
  await bench.clock.advance(5_000);
  expect((await bench.ended()).output).toMatch(
    /^"Activity function 'work' failed: {2}a 8 /,
  );
  expect(scheduled()).toEqual([
    ["activity", 0],
    ["timer", 1, "00:05.000"],
    ["activity", 2],
    ["timer", 3, "00:05.000"],
  ]);
});

test("the ids of parallel retries are given in the order of the events", async () => {
  begin({
    activities: { work: failing({ a: 1, b: 1 }) },
    orchestrators: {
      *both({ df }) {
        const retry = new RetryOptions(1_000, 3);
        const all = yield* result(
          df.Task.all([
            df.callActivityWithRetry("work", retry, "a"),
            df.callActivityWithRetry("work", retry, "b"),
            df.callActivity("work", "c"),
          ]),
        );
        return [all, yield* result(df.callActivity("work", "d"))];
      },
    },
  });
  bench.start("both");
  await bench.turns(2);
  await settled();
  await bench.clock.advance(1_000);
  expect((await bench.ended()).output).toBe(
    '[["a done","b done","c done"],"d done"]',
  );
  expect(
    scheduled().map(([kind, id]) => `${String(kind)} ${String(id)}`),
  ).toEqual([
    "activity 0",
    "activity 1",
    "activity 2",
    "timer 3",
    "timer 4",
    "activity 5",
    "activity 6",
    "activity 7",
  ]);
});

test("back-off, its ceiling and the number of tries are the host's to keep", async () => {
  begin({
    activities: { work: failing({ a: 3 }) },
    orchestrators: {
      *patient({ df }) {
        const retry = Object.assign(new RetryOptions(1_000, 5), {
          backoffCoefficient: 3,
          maxRetryIntervalInMilliseconds: 5_000,
        });
        return yield* result(df.callActivityWithRetry("work", retry, "a"));
      },
    },
  });
  bench.start("patient");
  for (const [turns, ms] of [
    [2, 1_000],
    [4, 3_000],
    [6, 5_000],
  ] as const) {
    await bench.turns(turns);
    await bench.clock.advance(ms - 1);
    await settled();
    expect(bench.trace.answers).toHaveLength(turns);
    await bench.clock.advance(1);
  }
  expect((await bench.ended()).output).toBe('"a done"');
});

test("when the retry timeout ends the tries, the instance fails instead of hanging as on Azure", async () => {
  begin({
    activities: { work: failing({ a: 9 }) },
    orchestrators: {
      *timed({ df }) {
        const retry = Object.assign(new RetryOptions(1_000, 5), {
          retryTimeoutInMilliseconds: 1_500,
        });
        return yield* result(df.callActivityWithRetry("work", retry, "a"));
      },
    },
  });
  bench.start("timed");
  await bench.turns(2);
  await bench.clock.advance(1_000);
  await bench.turns(4);
  await bench.clock.advance(1_000);
  expect(await bench.ended()).toMatchObject({
    status: "Failed",
    output: expect.stringMatching(/^The retries of 'work' ended/) as unknown,
  });
});

test("a retry interval that no timer of the storage can hold is refused", async () => {
  begin({
    activities: { work: failing({}) },
    orchestrators: {
      *weekly({ df }) {
        yield df.callActivityWithRetry(
          "work",
          new RetryOptions(7 * 86_400_000, 2),
          "a",
        );
      },
    },
  });
  expect(await bench.run("weekly")).toMatchObject({
    status: "Failed",
    output:
      "firstRetryIntervalInMilliseconds must not exceed 6 days: the storage has no longer timers.",
  });
});

test("a sub-orchestration is tried again under a new id, or under the one it was given", async () => {
  const tries: string[] = [];
  begin({
    orchestrators: {
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *child({ df }) {
        if (!df.isReplaying) tries.push(df.instanceId);
        if (tries.length < 2 || tries.length === 3) throw new Error("not yet");
        return "grown";
      },
      *parent({ df }) {
        const retry = new RetryOptions(1_000, 2);
        const own = yield* result(
          df.callSubOrchestratorWithRetry("child", retry),
        );
        const named = yield* result(
          df.callSubOrchestratorWithRetry("child", retry, null, "named"),
        );
        return [own, named];
      },
    },
  });
  bench.start("parent");
  await bench.turns(3);
  await bench.clock.advance(1_000);
  await bench.turns(8);
  await bench.clock.advance(1_000);
  expect((await bench.ended()).output).toBe('["grown","grown"]');
  const { executionId } = bench.client.find("one");
  expect(tries).toEqual([
    `${executionId}:0`,
    `${executionId}:2`,
    "named",
    "named",
  ]);
});
