import fc from "fast-check";
import {
  awaitedAfter,
  closeHole,
  GAP_DEADLINE_MS,
} from "../../../src/domain/gaps.ts";
import type { AwaitedRange, ManifestGap } from "../../../src/domain/records.ts";

const hole = { from: 10, to: 19, nextLandedAt: 1_000 };
const at = (passed: number): number => hole.nextLandedAt + passed;

test("what the service does not hold any more is closed at once, and the rest at its deadline", () => {
  const expired = { reason: "expired", landedAt: 1_000 };
  const missing = { reason: "missing", landedAt: 1_000 };
  const soon = at(GAP_DEADLINE_MS - 1);
  const late = at(GAP_DEADLINE_MS);
  expect(closeHole(hole, 10, soon)).toEqual([]);
  expect(closeHole(hole, 11, soon)).toEqual([{ from: 10, to: 10, ...expired }]);
  expect(closeHole(hole, 19, soon)).toEqual([{ from: 10, to: 18, ...expired }]);
  expect(closeHole(hole, 20, soon)).toEqual([{ from: 10, to: 19, ...expired }]);
  expect(closeHole(hole, 99, late)).toEqual([{ from: 10, to: 19, ...expired }]);
  expect(closeHole(hole, 15, late)).toEqual([
    { from: 10, to: 14, ...expired },
    { from: 15, to: 19, ...missing },
  ]);
  expect(closeHole(hole, 19, late).at(-1)).toEqual({
    ...{ from: 19, to: 19 },
    ...missing,
  });
});

test("where the service tells of no event, and where its first one lies before the hole, only time closes it", () => {
  for (const begin of [undefined, 0, 9]) {
    expect(closeHole(hole, begin, at(GAP_DEADLINE_MS - 1))).toEqual([]);
    expect(closeHole(hole, begin, at(GAP_DEADLINE_MS))).toEqual([
      { from: 10, to: 19, reason: "missing", landedAt: 1_000 },
    ]);
  }
});

const NOW = "2026-01-08T00:00:00.000Z";
const place = { stream: "hub/h", generation: "g", partition: "0" };

const gap = (
  from: number,
  to: number,
  reason: ManifestGap["reason"] = "missing",
): ManifestGap => ({ source: "s", ...place, from, to, reason });

const awaited = (from: number, to: number, since = NOW): AwaitedRange => ({
  ...{ ...place, from, to },
  since,
});

test("a gap is awaited from the batch on that accounts for it", () => {
  expect(awaitedAfter([], [gap(1, 2), gap(5, 6, "expired")], NOW)).toEqual([
    awaited(1, 2),
    { ...awaited(5, 6), hasExpired: true },
  ]);
});

test.each<[string, readonly [number, number], number[][]]>([
  ["before it", [0, 9], [[10, 19]]],
  ["its first event", [10, 10], [[11, 19]]],
  [
    "what lies within it",
    [12, 17],
    [
      [10, 11],
      [18, 19],
    ],
  ],
  ["its last event", [19, 19], [[10, 18]]],
  ["all of it", [10, 19], []],
  ["more than it", [0, 99], []],
  ["behind it", [20, 29], [[10, 19]]],
])(
  "of a range of which %s is recovered the rest is awaited",
  (_, [from, to], left) => {
    const after = awaitedAfter(
      [awaited(10, 19)],
      [gap(from, to, "recovered")],
      NOW,
    );
    expect(after).toEqual(
      left.map(([first = 0, last = 0]) => awaited(first, last)),
    );
  },
);

test("events that are recovered in one place are awaited in every other", () => {
  for (const other of [
    { stream: "hub/other" },
    { generation: "other" },
    { partition: "other" },
  ]) {
    const range = { ...awaited(10, 19), ...other };
    expect(awaitedAfter([range], [gap(10, 19, "recovered")], NOW)).toEqual([
      range,
    ]);
  }
});

test("a range is awaited for a week, and the newest twenty at most", () => {
  const week = "2026-01-01T00:00:00.000Z";
  const less = "2026-01-01T00:00:00.001Z";
  const before = [awaited(1, 1, week), awaited(3, 3, less)];
  expect(awaitedAfter(before, [], NOW)).toEqual([awaited(3, 3, less)]);
  const many = Array.from({ length: 25 }, (_, index) => gap(index, index));
  expect(awaitedAfter([], many, NOW).map(({ from }) => from)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 5),
  );
});

test("of too many ranges those that expired go first, the oldest of them before the others", () => {
  const expired = [gap(0, 0, "expired"), gap(1, 1, "expired")];
  const missing = Array.from({ length: 19 }, (_, index) =>
    gap(10 + index, 10 + index),
  );
  const startsOf = (gaps: readonly ManifestGap[]) =>
    awaitedAfter([], gaps, NOW).map(({ from }) => from);
  const starts = missing.map(({ from }) => from);
  expect(startsOf([...missing, ...expired])).toEqual([...starts, 1]);
  expect(startsOf([...expired, ...missing, gap(50, 50)])).toEqual([
    ...starts,
    50,
  ]);
});

test("of what was awaited exactly the events are left that were not recovered", () => {
  const range = fc
    .tuple(fc.nat(30), fc.nat(8))
    .map(([from, more]) => ({ from, to: from + more }));
  const eventsOf = (ranges: readonly { from: number; to: number }[]) =>
    new Set(
      ranges.flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, index) => from + index),
      ),
    );
  fc.assert(
    fc.property(range, fc.array(range, { maxLength: 5 }), (before, found) => {
      const left = awaitedAfter(
        [awaited(before.from, before.to)],
        found.map(({ from, to }) => gap(from, to, "recovered")),
        NOW,
      );
      const recovered = eventsOf(found);
      const lost = [...eventsOf([before])].filter((at) => !recovered.has(at));
      expect([...eventsOf(left)].sort()).toEqual(lost.sort());
    }),
  );
});
