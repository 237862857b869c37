import type { Batch } from "../../../local/src/platform/batches.ts";
import {
  areSettled,
  blockedSink,
  type Sink,
} from "../../../local/src/platform/sinks.ts";

const sink = (state: Sink["state"], after?: string): Sink => ({
  state,
  behind: { batches: state === "idle" ? 0 : 1, seconds: 0 },
  refused: 0,
  ...(after === undefined ? {} : { after }),
});

const newest = (sinks: NonNullable<Batch["sinks"]>): Batch => ({
  batch: 3,
  state: "processed",
  definition: "d",
  ends: {},
  sinks,
});

test.each([
  ["every sink is idle", { a: sink("idle") }, { a: "delivered" }, true],
  ["one delivers", { a: sink("delivering") }, { a: "delivering" }, false],
  ["a sink is not begun yet", { a: sink("idle") }, { a: "waiting" }, false],
  ["one is blocked", { a: sink("blocked") }, { a: "blocked" }, true],
  [
    "one waits for a blocked one",
    { a: sink("blocked"), b: sink("waiting", "a") },
    { a: "blocked", b: "waiting" },
    true,
  ],
  [
    "one waits for one that delivers",
    { a: sink("delivering"), b: sink("waiting", "a") },
    { a: "delivering", b: "waiting" },
    false,
  ],
  ["a retired one is left", { a: sink("retired") }, {}, true],
] as const)("whether nothing more is to come: %s", (_, sinks, of, expected) => {
  expect(areSettled(sinks, newest(of))).toBe(expected);
});

test("a pipeline without batches has nothing to deliver", () => {
  expect(areSettled({ a: sink("idle") }, undefined)).toBe(true);
});

test("a blocked sink is told with its reason and what leads on", () => {
  const told = blockedSink("weather", "bell", {
    ...sink("blocked"),
    behind: { batches: 4, seconds: 60 },
    blocked: {
      code: "NOTIFY_REFUSED",
      message: "503",
      fault: "theirs",
      retryAt: "2026-03-01T12:00:00.000Z",
    },
  });
  expect(told).toContain("4 batches behind: NOTIFY_REFUSED");
  expect(told).toContain("At fault is the service that it delivers to");
  expect(told).toContain("npm run retry -- weather --sink bell");
});
