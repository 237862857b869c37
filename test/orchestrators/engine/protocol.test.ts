import { EntityId, RetryOptions, type Task } from "durable-functions";
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

test("the SDK answers with all actions of the run, encoded as the engine reads them", async () => {
  begin({
    activities: echo,
    orchestrators: {
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *child() {
        return 1;
      },
      *all({ df }) {
        const retry = new RetryOptions(1, 2);
        yield df.Task.all([
          df.callActivity("echo", "Ann"),
          df.callActivityWithRetry("echo", retry, { a: 1 }),
          df.callSubOrchestrator("child", "Bob", "kid"),
          df.callSubOrchestratorWithRetry("child", retry, "Cid"),
          df.Task.any([
            df.createTimer(df.currentUtcDateTime),
            df.waitForExternalEvent("never"),
          ]),
        ]);
        df.continueAsNew("again");
      },
    },
  });
  bench.start("all");
  await bench.turns(1);
  bench.client.terminate("one", "");
  await bench.ended();
  const retryOptions = {
    firstRetryIntervalInMilliseconds: 1,
    maxNumberOfAttempts: 2,
  };
  expect(bench.trace.answers[0]).toMatchObject({
    isDone: false,
    schemaVersion: 2,
  });
  expect(bench.trace.answers[0]?.actions).toEqual([
    [
      {
        actionType: 12,
        compoundActions: [
          { actionType: 0, functionName: "echo", input: '"Ann"' },
          {
            actionType: 1,
            functionName: "echo",
            retryOptions,
            input: { a: 1 },
          },
          {
            actionType: 2,
            functionName: "child",
            instanceId: "kid",
            input: "Bob",
          },
          { actionType: 3, functionName: "child", retryOptions, input: "Cid" },
          {
            actionType: 11,
            compoundActions: [
              {
                actionType: 5,
                fireAt: "2026-01-01T00:00:00.000Z",
                isCanceled: false,
              },
              {
                actionType: 6,
                externalEventName: "never",
                reason: "ExternalEvent",
              },
            ],
          },
        ],
      },
    ],
  ]);
});

test("ids are given when a task is yielded, depth first", async () => {
  begin({
    activities: echo,
    orchestrators: {
      *tree({ df }) {
        const later = df.callActivity("echo", "later");
        yield df.callActivity("echo", "first");
        yield df.Task.all([
          df.Task.all([
            df.callActivity("echo", "a"),
            df.waitForExternalEvent("no id"),
          ]),
          df.callActivity("echo", "b"),
        ]);
        yield later;
      },
    },
  });
  bench.start("tree");
  bench.raise("no id");
  await bench.ended();
  const ids = bench
    .history()
    .flatMap((event) =>
      event.EventType === 4 ? [[event.EventId, event.Input]] : [],
    );
  expect(ids).toEqual([
    [0, '["\\"first\\""]'],
    [1, '["\\"a\\""]'],
    [2, '["\\"b\\""]'],
    [3, '["\\"later\\""]'],
  ]);
});

test("each turn sends the whole history, played but for the events of this turn", async () => {
  begin({
    activities: echo,
    orchestrators: {
      *two({ df }) {
        yield df.callActivity("echo", 1);
        yield df.callActivity("echo", 2);
      },
    },
  });
  await bench.run("two", { a: 1 });
  const shown = bench.trace.payloads.map(({ history }) =>
    history
      .map(({ EventType, IsPlayed }) => `${EventType}${IsPlayed ? "+" : ""}`)
      .join(" "),
  );
  expect(shown).toEqual([
    "12 0",
    "12+ 0+ 4+ 13+ 12 5",
    "12+ 0+ 4+ 13+ 12+ 5+ 4+ 13+ 12 5",
  ]);
  expect(bench.trace.payloads[1]).toMatchObject({
    input: { a: 1 },
    instanceId: "one",
    isReplaying: true,
    parentInstanceId: null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 2,
    longRunningTimerIntervalDuration: "3.00:00:00",
    maximumShortTimerDuration: "6.00:00:00",
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
});

test("the custom status is what the last turn said; a falsy one is left out by the SDK", async () => {
  begin({
    orchestrators: {
      *speak({ df }) {
        df.setCustomStatus({ step: 1 });
        yield df.waitForExternalEvent("go");
        df.setCustomStatus(0);
        yield df.waitForExternalEvent("go");
        df.setCustomStatus("two");
        yield df.waitForExternalEvent("go");
      },
    },
  });
  bench.start("speak");
  for (const expected of ['{"step":1}', null, '"two"']) {
    await settled();
    expect(bench.client.find("one").customStatus).toBe(expected);
    bench.raise("go");
  }
  expect(bench.trace.answers[1]).not.toHaveProperty("customStatus");
  expect((await bench.ended()).customStatus).toBe('"two"');
});

test("the first turn after continueAsNew keeps the custom status when it says nothing", async () => {
  begin({
    orchestrators: {
      *speak({ df }) {
        if (df.getInput() === null) {
          df.setCustomStatus("old");
          df.continueAsNew({});
        } else {
          yield df.waitForExternalEvent("go");
          yield df.waitForExternalEvent("go");
        }
      },
    },
  });
  bench.start("speak");
  await bench.turns(2);
  expect(bench.client.find("one").customStatus).toBe('"old"');
  bench.raise("go");
  await bench.turns(3);
  expect(bench.client.find("one").customStatus).toBeNull();
});

test("Task.all fails in the SDK at the first failure, and the host goes on when all have ended", async () => {
  begin({
    activities: {
      ...echo,
      fail: () => {
        throw new Error("no");
      },
    },
    orchestrators: {
      *fragile({ df }) {
        try {
          yield df.Task.all([
            df.callActivity("fail"),
            df.waitForExternalEvent("go"),
          ]);
        } catch {
          return yield* result(df.callActivity("echo", "mended"));
        }
        return "none";
      },
    },
  });
  bench.start("fragile");
  await bench.turns(2);
  expect(bench.trace.answers[1]?.actions[0]).toHaveLength(2);
  expect(bench.trace.runs).toEqual(["fail one"]);
  bench.raise("go");
  expect((await bench.ended()).output).toBe('"mended"');
});

test("an orchestrator that changes under a running instance fails it", async () => {
  let version = 1;
  const other = { other: () => null };
  begin({
    activities: { ...echo, ...other },
    orchestrators: {
      *changing({ df }) {
        if (version === 1) yield df.callActivity("echo", 1);
        if (version === 2) yield df.callActivity("other", 1);
        if (version === 3) yield df.createTimer(df.currentUtcDateTime);
        yield df.waitForExternalEvent("go");
      },
    },
  });
  for (const [id, next, text] of [
    [
      "b",
      2,
      /scheduled an activity task with sequence ID 0 and name 'echo', but the current orchestration replay instead scheduled an activity task named 'other'/,
    ],
    ["c", 3, /instead scheduled a timer task/],
    ["d", 4, /hasn't \(yet\?\) scheduled this task/],
  ] as const) {
    version = 1;
    bench.start("changing", null, id);
    await settled();
    version = next;
    bench.raise("go", null, id);
    const { status, output } = await bench.ended(id);
    expect(status).toBe("Failed");
    expect(output).toMatch(/^Non-Deterministic workflow detected: /);
    expect(output).toMatch(text);
  }
});

test.each([
  [
    "an unknown activity",
    "gone",
    /^The function 'gone' doesn't exist, is disabled, or is not an activity function\. Additional info: The following are the known activity functions: 'echo'\.$/,
  ],
  [
    "an unknown sub-orchestrator",
    "subGone",
    /^The function 'subGone' doesn't exist, is disabled, or is not an orchestrator function/,
  ],
  [
    "an entity",
    "entity",
    /^Calling an entity is not supported by the local engine/,
  ],
  ["a signal to an entity", "signal", /^Signalling an entity is not supported/],
  ["callHttp", "http", /^callHttp is not supported/],
  [
    "a lock",
    "lock",
    /lock requires a Durable Functions extension that supports OOProc schema V4/,
  ],
  [
    "an input of more than 45 KB",
    "large",
    /^The input of activity 'echo' has \d+ bytes as JSON; at most 46080 are allowed/,
  ],
  [
    "an output of more than 45 KB",
    "largeOutput",
    /^The output of an orchestration has/,
  ],
  [
    "a custom status of more than 16 KB",
    "largeStatus",
    /^The UTF-16 size of the JSON-serialized payload must not exceed 16 KB/,
  ],
  [
    "a yield of no task",
    "noTask",
    /Durable Functions programming constraint violation/,
  ],
  ["a thrown text", "thrown", /^Orchestrator function 'ask' failed: $/],
])("%s fails the instance", async (_, what, text) => {
  begin({
    activities: echo,
    orchestrators: {
      *ask({ df }) {
        const entity = new EntityId("counter", "one");
        if (what === "gone") yield df.callActivity("gone");
        if (what === "subGone") yield df.callSubOrchestrator("subGone");
        if (what === "entity") yield df.callEntity(entity, "add", 1);
        if (what === "signal") df.signalEntity(entity, "add", 1);
        if (what === "http")
          yield df.callHttp({ method: "GET", url: "http://127.0.0.1" });
        if (what === "lock") yield df.lock(entity);
        if (what === "large") yield df.callActivity("echo", "x".repeat(46_080));
        if (what === "largeOutput") return "x".repeat(46_080);
        if (what === "largeStatus") df.setCustomStatus("x".repeat(8_200));
        if (what === "noTask") yield 42 as unknown as Task;
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- the mistake under test
        if (what === "thrown") throw "text";
        yield df.callActivity("echo", 1);
        return null;
      },
    },
  });
  const { status, output } = await bench.run("ask");
  expect(status).toBe("Failed");
  expect(output).toMatch(text);
});
