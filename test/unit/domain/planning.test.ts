import fc from "fast-check";
import {
  EventsLeftOut,
  manifestOf,
  type Plan,
} from "../../../src/domain/planning.ts";

const OF = { stream: "hub/h", generation: "g", partition: "0" };

const aSlice = (from: number, to: number, partition = "0") => ({
  ...{ ...OF, partition, from, to },
  path: `${from}-${to}`,
  landedAt: 0,
});
const aGap = (from: number, to: number, partition = "0") => ({
  ...{ ...OF, partition, from, to },
  reason: "missing" as const,
  landedAt: 0,
});

const plan = (more: Partial<Plan>) =>
  manifestOf({
    pipeline: "p",
    incarnation: "i",
    batch: 2,
    definition: "d",
    createdAt: "2026-01-01T00:00:00.000Z",
    sourceOfStream: new Map([["hub/h", "events"]]),
    slices: [],
    recovered: [],
    closedGaps: [],
    files: [],
    ends: { "hub/h": { g: { "0": 10 } } },
    awaited: [],
    reloads: [],
    requests: [],
    ...more,
  });

test("a plan that follows the watermark is written, in whatever order its pieces stand", () => {
  const { slices, ends } = plan({
    slices: [aSlice(31, 40), aSlice(11, 20), aSlice(7, 9, "1")],
    closedGaps: [aGap(21, 30)],
    recovered: [aSlice(3, 4)],
  });
  expect(slices).toHaveLength(4);
  expect(ends).toEqual({ "hub/h": { g: { "0": 40, "1": 9 } } });
});

test("a plan that leaves events out, or takes some twice, is an error and not a batch", () => {
  const pieces = [aSlice(11, 20), aSlice(21, 30), aSlice(31, 40)];
  expect(() => plan({ slices: pieces.toSpliced(1, 1) })).toThrow(
    "hub/h, generation g, partition 0: the events 31 to 40 do not follow 20, the last that is planned.",
  );
  for (const wrong of [
    pieces.slice(1),
    [aSlice(12, 20)],
    [aSlice(10, 20)],
    [aSlice(11, 20), aSlice(20, 30)],
    [aSlice(0, 4, "1"), aSlice(6, 9, "1")],
  ])
    expect(() => plan({ slices: wrong })).toThrow(EventsLeftOut);
  expect(() => plan({ closedGaps: [aGap(12, 20)] })).toThrow(EventsLeftOut);
});

test("whatever piece is lost on the way to a manifest, the manifest is not written", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          events: fc.integer({ min: 1, max: 9 }),
          isGap: fc.boolean(),
        }),
        { minLength: 2, maxLength: 12 },
      ),
      fc.nat(),
      (lengths, at) => {
        let end = 10;
        const pieces = lengths.map(({ events, isGap }) => {
          const from = end + 1;
          end += events;
          return isGap ? aGap(from, end) : aSlice(from, end);
        });
        const partsOf = (all: typeof pieces) => ({
          slices: all.flatMap((each) => ("path" in each ? [each] : [])),
          closedGaps: all.flatMap((each) => ("path" in each ? [] : [each])),
        });
        expect(plan(partsOf(pieces)).ends).toEqual({
          "hub/h": { g: { "0": end } },
        });
        // The last piece may wait for the next batch; any other may not.
        const lost = pieces.toSpliced(at % (pieces.length - 1), 1);
        expect(() => plan(partsOf(lost))).toThrow(EventsLeftOut);
      },
    ),
  );
});

test("where more is awaited than is looked for, what the service has dropped is given up first, then the oldest", () => {
  const gaps = (first: number, count: number, reason: "expired" | "missing") =>
    Array.from({ length: count }, (_, index) => ({
      ...aGap(0, 9, String(first + index)),
      reason,
    }));
  const first = plan({
    ends: {},
    closedGaps: [...gaps(0, 4, "missing"), ...gaps(4, 8, "expired")],
  });
  const partitionsOf = ({ awaited = [] }: typeof first) =>
    awaited.map(({ partition }) => Number(partition));
  expect(partitionsOf(first)).toHaveLength(12);
  const { ends, awaited = [] } = first;
  const second = plan({
    ...{ ends, awaited, createdAt: "2026-01-01T00:10:00.000Z" },
    closedGaps: [...gaps(12, 3, "expired"), ...gaps(15, 15, "missing")],
  });
  // All that is missing, and of the rest the newest.
  expect(partitionsOf(second)).toEqual([
    0,
    1,
    2,
    3,
    14,
    ...Array.from({ length: 15 }, (_, index) => 15 + index),
  ]);
  const third = plan({
    ...{ ends: second.ends, awaited: second.awaited ?? [] },
    createdAt: "2026-01-01T00:20:00.000Z",
    closedGaps: gaps(30, 3, "missing"),
  });
  expect(partitionsOf(third)).toEqual([
    2,
    3,
    ...Array.from({ length: 18 }, (_, index) => 15 + index),
  ]);
});
