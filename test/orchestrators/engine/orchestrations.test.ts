import type { OrchestrationContext } from "durable-functions";
import {
  DurableBench,
  result,
  settled,
  type DurableApp,
} from "../../support/durable.ts";

const SECOND = 1_000;
const DAY = 86_400_000;

let bench: DurableBench;
const begin = (app: DurableApp): DurableBench =>
  (bench = new DurableBench(app));
afterEach(() => bench.close());

const inSeconds = ({ df }: OrchestrationContext, seconds: number): Date =>
  new Date(df.currentUtcDateTime.getTime() + seconds * SECOND);

const activities = {
  hello: (name: unknown) => `Hello, ${String(name)}`,
  echo: (value: unknown) => value,
  kind: (value: unknown) => `${typeof value} ${String(value)}`,
  fail: (message: unknown) => {
    throw new Error(String(message));
  },
};

test("an orchestration calls activities one after the other", async () => {
  begin({
    activities,
    orchestrators: {
      *greet({ df }) {
        const first = yield* result<string>(df.callActivity("hello", "Ann"));
        const second = yield* result<string>(df.callActivity("hello", "Bob"));
        return [first, second];
      },
    },
  });
  const { status, output } = await bench.run("greet");
  expect([status, output]).toEqual([
    "Completed",
    '["Hello, Ann","Hello, Bob"]',
  ]);
});

test("an orchestration sees its input, its id and no parent", async () => {
  begin({
    orchestrators: {
      *look({ df }) {
        yield df.createTimer(df.currentUtcDateTime);
        return [df.getInput(), df.instanceId, df.parentInstanceId];
      },
    },
  });
  expect((await bench.run("look", { a: [1, null] })).output).toBe(
    '[{"a":[1,null]},"one",null]',
  );
});

test("texts reach an activity as they are, booleans as the text that .NET makes of them", async () => {
  begin({
    activities,
    orchestrators: {
      *send({ df }) {
        const seen: unknown[] = [];
        for (const value of ["Ann", "42", '"q"', 42, null, true, { a: 1 }])
          seen.push(yield* result(df.callActivity("kind", value)));
        return seen;
      },
    },
  });
  const { output } = await bench.run("send");
  expect(JSON.parse(String(output))).toEqual([
    "string Ann",
    "string 42",
    'string "q"',
    "number 42",
    "object null",
    "string True",
    "object [object Object]",
  ]);
});

test("results of activities come back as they were", async () => {
  begin({
    activities: {
      give: (index) =>
        [undefined, null, "42", 42, true, [1], { a: "b" }][Number(index)],
    },
    orchestrators: {
      *collect({ df }) {
        const all: unknown[] = [];
        for (let index = 0; index < 7; index += 1)
          all.push(yield* result(df.callActivity("give", index)));
        return all;
      },
    },
  });
  expect((await bench.run("collect")).output).toBe(
    '[null,null,"42",42,true,[1],{"a":"b"}]',
  );
});

test("a fan-out runs as one turn and its results come in the order of the calls", async () => {
  begin({
    activities,
    orchestrators: {
      *fan({ df }) {
        return yield* result(
          df.Task.all([1, 2, 3].map((n) => df.callActivity("echo", n))),
        );
      },
    },
  });
  expect((await bench.run("fan")).output).toBe("[1,2,3]");
  expect(bench.trace.runs).toHaveLength(3);
});

test("a failed activity throws in the orchestration with the extension's text", async () => {
  begin({
    activities,
    orchestrators: {
      *attempt({ df }) {
        try {
          yield df.callActivity("fail", "no luck");
          return "none";
        } catch (error) {
          return (error as Error).message;
        }
      },
    },
  });
  const { output } = await bench.run("attempt");
  expect(JSON.parse(String(output))).toMatch(
    /^Activity function 'fail' failed: {2}no luck \n \{/,
  );
});

test("an error that an orchestration does not catch fails it", async () => {
  begin({
    activities,
    orchestrators: {
      *attempt({ df }) {
        yield df.callActivity("fail", "no luck");
      },
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *broken() {
        throw new Error("at once");
      },
    },
  });
  const failed = await bench.run("attempt");
  expect(failed.status).toBe("Failed");
  expect(failed.output).toMatch(
    /^Orchestrator function 'attempt' failed: Activity function 'fail' failed: {2}no luck \n /,
  );
  expect((await bench.run("broken", null, "two")).output).toBe(
    "Orchestrator function 'broken' failed: at once",
  );
});

test("a timer fires when its time has come, and the orchestration's clock shows it", async () => {
  begin({
    orchestrators: {
      *sleep(context) {
        const { df } = context;
        const before = df.currentUtcDateTime.getTime();
        yield df.createTimer(inSeconds(context, 60));
        return df.currentUtcDateTime.getTime() - before;
      },
    },
  });
  bench.start("sleep");
  await bench.turns(1);
  await bench.clock.advance(59 * SECOND);
  await settled();
  expect(bench.client.find("one").status).toBe("Running");
  await bench.clock.advance(SECOND);
  expect((await bench.ended()).output).toBe("60000");
});

test("a timer whose time is past fires without the clock", async () => {
  begin({
    orchestrators: {
      *late(context) {
        yield context.df.createTimer(inSeconds(context, -1));
        return "on";
      },
    },
  });
  expect((await bench.run("late")).output).toBe('"on"');
});

test("an orchestration ends only when its open timer has fired", async () => {
  begin({
    orchestrators: {
      *race(context) {
        const { df } = context;
        yield df.Task.any([
          df.waitForExternalEvent("go"),
          df.createTimer(inSeconds(context, 60)),
        ]);
        return "raced";
      },
    },
  });
  bench.start("race");
  await bench.turns(1);
  bench.raise("go");
  await bench.turns(2);
  expect(bench.client.find("one").status).toBe("Running");
  await bench.clock.advance(60 * SECOND);
  expect((await bench.ended()).output).toBe('"raced"');
});

test("a cancelled timer holds nobody up and leaves the store", async () => {
  begin({
    orchestrators: {
      *race(context) {
        const { df } = context;
        const timer = df.createTimer(inSeconds(context, 60));
        yield df.Task.any([df.waitForExternalEvent("go"), timer]);
        timer.cancel();
        yield df.waitForExternalEvent("more");
        return "raced";
      },
    },
  });
  bench.start("race");
  await bench.turns(1);
  expect(bench.engine.store.timers()).toHaveLength(1);
  bench.raise("go");
  await bench.turns(2);
  expect(bench.engine.store.timers()).toHaveLength(0);
  bench.raise("more");
  expect((await bench.ended()).output).toBe('"raced"');
});

test("a timer that is cancelled in the turn that made it takes its id and never fires", async () => {
  begin({
    activities,
    orchestrators: {
      *race(context) {
        const { df } = context;
        const timer = df.createTimer(inSeconds(context, 60));
        yield df.Task.any([timer, df.waitForExternalEvent("go")]);
        timer.cancel();
        return yield* result(df.callActivity("echo", "done"));
      },
    },
  });
  bench.start("race");
  bench.raise("go");
  expect((await bench.ended()).output).toBe('"done"');
  const scheduled = bench.history().filter(({ EventId }) => EventId >= 0);
  expect(
    scheduled.map(({ EventType, EventId }) => [EventType, EventId]),
  ).toEqual([
    [10, 0],
    [4, 1],
    [1, 2],
  ]);
});

test("a timer of more than six days is cut into pieces of three days", async () => {
  begin({
    orchestrators: {
      *longSleep({ df }) {
        yield df.createTimer(
          new Date(df.currentUtcDateTime.getTime() + 10 * DAY),
        );
        return df.currentUtcDateTime.toISOString();
      },
    },
  });
  bench.start("longSleep");
  await bench.turns(1);
  for (let day = 0; day < 10; day += 1) {
    await bench.clock.advance(DAY);
    await settled();
  }
  expect((await bench.ended()).output).toBe('"2026-01-11T00:00:00.000Z"');
  const fired = bench
    .history()
    .flatMap((event) =>
      event.EventType === 11
        ? [[event.TimerId, event.FireAt.slice(0, 10)]]
        : [],
    );
  expect(fired).toEqual([
    [0, "2026-01-04"],
    [1, "2026-01-07"],
    [2, "2026-01-10"],
    [3, "2026-01-11"],
  ]);
});

test("a timer of exactly six days is one piece", async () => {
  begin({
    orchestrators: {
      *longSleep({ df }) {
        yield df.createTimer(
          new Date(df.currentUtcDateTime.getTime() + 6 * DAY),
        );
        return "up";
      },
    },
  });
  bench.start("longSleep");
  await bench.turns(1);
  await bench.clock.advance(6 * DAY);
  expect((await bench.ended()).output).toBe('"up"');
  expect(
    bench.history().filter(({ EventType }) => EventType === 10),
  ).toHaveLength(1);
});

test("a long timer that is cancelled after its first piece fails the instance, as on Azure", async () => {
  begin({
    orchestrators: {
      *longRace({ df }) {
        const timer = df.createTimer(
          new Date(df.currentUtcDateTime.getTime() + 10 * DAY),
        );
        yield df.Task.any([timer, df.waitForExternalEvent("go")]);
        timer.cancel();
        return "raced";
      },
    },
  });
  bench.start("longRace");
  await bench.turns(1);
  await bench.clock.advance(3 * DAY);
  await bench.turns(2);
  bench.raise("go");
  const { status, output } = await bench.ended();
  expect(status).toBe("Failed");
  expect(output).toMatch(
    /^Non-Deterministic workflow detected: .* a timer task with sequence ID 1 /,
  );
});

test("isReplaying is true for what an earlier turn has seen", async () => {
  const seen: boolean[] = [];
  begin({
    activities,
    orchestrators: {
      *look({ df }) {
        seen.push(df.isReplaying);
        yield df.callActivity("echo", 1);
        seen.push(df.isReplaying);
        yield df.callActivity("echo", 2);
        seen.push(df.isReplaying);
      },
    },
  });
  await bench.run("look");
  expect(seen).toEqual([false, true, false, true, true, false]);
});

test("any key Timestamp in an input becomes a Date in the SDK, which is its own trap", async () => {
  begin({
    orchestrators: {
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *look({ df }) {
        return df.getInput<{ Timestamp: unknown }>().Timestamp instanceof Date;
      },
    },
  });
  expect((await bench.run("look", { Timestamp: "2026-01-01" })).output).toBe(
    "true",
  );
});
