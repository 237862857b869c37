import {
  DurableBench,
  settled,
  result,
  type DurableApp,
} from "../../support/durable.ts";

let bench: DurableBench;
const begin = (app: DurableApp): DurableBench =>
  (bench = new DurableBench(app));
afterEach(() => bench.close());
const echo = { echo: (value: unknown) => value };

test("a result of more than 45 KB fails the activity, which the orchestration may catch", async () => {
  begin({
    activities: { large: () => "x".repeat(50_000) },
    orchestrators: {
      *ask({ df }) {
        try {
          yield df.callActivity("large");
        } catch (error) {
          return (error as Error).message.slice(0, 90);
        }
        return null;
      },
    },
  });
  expect((await bench.run("ask")).output).toMatch(
    /^"Activity function 'large' failed: {2}The result of activity 'large' has 50002 bytes/,
  );
});

test("no more activities run at once than the limit says", async () => {
  let running = 0;
  let most = 0;
  bench = new DurableBench(
    {
      activities: {
        async work() {
          running += 1;
          most = Math.max(most, running);
          await settled();
          running -= 1;
        },
      },
      orchestrators: {
        *fan({ df }) {
          yield df.Task.all(
            Array.from({ length: 12 }, () => df.callActivity("work")),
          );
        },
      },
    },
    { maxConcurrentActivities: 3 },
  );
  expect((await bench.run("fan")).status).toBe("Completed");
  expect(most).toBe(3);
});

test("one timer in two compounds is started twice, and the ids of host and SDK drift apart", async () => {
  begin({
    activities: echo,
    orchestrators: {
      *reuse({ df }) {
        const timer = df.createTimer(
          new Date(df.currentUtcDateTime.getTime() + 1_000),
        );
        yield df.Task.any([timer, df.waitForExternalEvent("one")]);
        yield df.Task.any([timer, df.waitForExternalEvent("two")]);
        return yield* result(df.callActivity("echo", "after"));
      },
    },
  });
  bench.start("reuse");
  await bench.turns(1);
  bench.raise("one");
  await bench.turns(2);
  bench.raise("two");
  await bench.turns(4);
  const ids = bench
    .history()
    .filter(({ EventId }) => EventId >= 0)
    .map(({ EventType, EventId }) => [EventType, EventId]);
  expect(ids).toEqual([
    [10, 0],
    [10, 1],
    [4, 2],
  ]);
  // The SDK has given the activity the id 1: its result, of id 2, never reaches the orchestration.
  expect(bench.trace.answers.at(-1)).toMatchObject({ isDone: false });
});

test("an empty Task.all throws in the orchestration", async () => {
  begin({
    orchestrators: {
      *empty({ df }) {
        yield df.Task.all([]);
      },
    },
  });
  expect((await bench.run("empty")).output).toMatch(
    /you must specify at least one Task/,
  );
});

test("a failing turn keeps the custom status that it set", async () => {
  begin({
    orchestrators: {
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *sad({ df }) {
        df.setCustomStatus("last words");
        throw new Error("gone");
      },
    },
  });
  expect(await bench.run("sad")).toMatchObject({
    status: "Failed",
    customStatus: '"last words"',
  });
});

test("a stop waits for the activity that runs", async () => {
  let finish = (): void => undefined;
  begin({
    activities: {
      slow: () => new Promise<void>((resolve) => (finish = resolve)),
    },
    orchestrators: {
      *wait({ df }) {
        yield df.callActivity("slow");
      },
    },
  });
  bench.start("wait");
  await bench.turns(1);
  const stopped = bench.engine.stop();
  finish();
  await stopped;
  bench.killAndRestart();
  expect((await bench.ended()).status).toBe("Completed");
  expect(bench.trace.runs).toEqual(["slow one"]);
});
