import type { SinkHead } from "../../../src/domain/records.ts";
import { holdsBatch } from "../../../src/domain/sinkHeads.ts";

const aHead = (more: Partial<SinkHead> = {}): SinkHead => ({
  version: 3,
  sink: "s",
  kind: "cosmos",
  nextBatch: 5,
  deliveredParts: 0,
  refused: 0,
  updatedAt: "2026-01-01T00:00:00.000Z",
  record: {},
  ...more,
});

test("a sink has to deliver the batch that its head stands at and all behind it, unless it is retired", () => {
  expect([4, 5, 6].map((batch) => holdsBatch(aHead(), batch))).toEqual([
    false,
    true,
    true,
  ]);
  const retired = aHead({ retiredAt: "2026-01-01T00:00:00.000Z" });
  expect(holdsBatch(retired, 6)).toBe(false);
  expect(holdsBatch(undefined, 6)).toBe(false);
});
