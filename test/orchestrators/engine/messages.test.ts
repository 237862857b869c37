import {
  eventType,
  type Arrival,
} from "../../../local/src/functionsHost/durable/history.ts";
import type { Instance } from "../../../local/src/functionsHost/durable/instance.ts";
import { takeBatch } from "../../../local/src/functionsHost/durable/messages.ts";
import type { Message } from "../../../local/src/functionsHost/durable/rows.ts";
import { DurableBench, result } from "../../support/durable.ts";

const stamp = { EventId: -1, Timestamp: "2026-01-01T00:00:00.000Z" };
const event = {
  ...stamp,
  EventType: eventType.EventRaised,
  Name: "go",
  Input: "1",
} as const;
const suspend = {
  ...stamp,
  EventType: eventType.ExecutionSuspended,
  Reason: "",
} as const;
const resume = {
  ...stamp,
  EventType: eventType.ExecutionResumed,
  Reason: "",
} as const;
const terminate = {
  ...stamp,
  EventType: eventType.ExecutionTerminated,
  Input: "",
} as const;
const completed = {
  ...stamp,
  EventType: eventType.TaskCompleted,
  TaskScheduledId: 0,
  Result: "1",
} as const;

let nextId = 0;
const message = (
  arrival: Arrival,
  executionId: string | null = null,
): Message => ({
  id: nextId++,
  instanceId: "one",
  executionId,
  event: arrival,
});
const instance = (status: Instance["status"]): Instance => ({
  instanceId: "one",
  executionId: "now",
  name: "any",
  version: "",
  status,
  input: "null",
  output: null,
  customStatus: null,
  createdAt: stamp.Timestamp,
  updatedAt: stamp.Timestamp,
  parent: null,
});

test("a turn takes all that has arrived, up to a suspension", () => {
  const [a, b, c, d] = [
    message(event),
    message(event),
    message(suspend),
    message(event),
  ];
  expect(takeBatch([a, b, c, d], instance("Running"))).toEqual({
    taken: [a, b, c],
    dropped: [],
  });
});

test("what was meant for an earlier execution is dropped", () => {
  const [a, b] = [message(completed, "before"), message(completed, "now")];
  expect(takeBatch([a, b], instance("Running"))).toEqual({
    taken: [b],
    dropped: [a],
  });
});

test("a suspended instance takes nothing but its resumption, and forgets to be suspended twice", () => {
  const [a, b, c, d, e] = [
    message(event),
    message(suspend),
    message(resume),
    message(event),
    message(suspend),
  ];
  expect(takeBatch([a, b], instance("Suspended"))).toEqual({
    taken: [],
    dropped: [],
  });
  expect(takeBatch([a, b, c, d, e], instance("Suspended"))).toEqual({
    taken: [c],
    dropped: [b],
  });
});

test("a suspended instance can be terminated", () => {
  const [a, b] = [message(event), message(terminate)];
  expect(takeBatch([a, b], instance("Suspended"))).toEqual({
    taken: [b],
    dropped: [],
  });
});

test("a completion that comes twice counts once", async () => {
  const bench = new DurableBench({
    activities: { echo: (value) => value },
    orchestrators: {
      *twice({ df }) {
        const first = yield* result(df.callActivity("echo", "a"));
        yield df.waitForExternalEvent("go");
        return [first, yield* result(df.callActivity("echo", "b"))];
      },
    },
  });
  bench.start("twice");
  await bench.turns(2);
  bench.engine.send("one", { ...completed, Result: '"other"' });
  await bench.turns(3);
  bench.raise("go");
  expect((await bench.ended()).output).toBe('["a","b"]');
  bench.close();
});
