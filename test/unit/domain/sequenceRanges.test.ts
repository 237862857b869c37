import fc from "fast-check";
import { sequenceRanges } from "../../../src/domain/sequenceRanges.ts";

test("a batch is cut where its sequence numbers are not consecutive", () => {
  expect(sequenceRanges([5, 6, 7])).toEqual([{ from: 0, to: 3 }]);
  expect(sequenceRanges([5, 7, 8, 20])).toEqual([
    { from: 0, to: 1 },
    { from: 1, to: 3 },
    { from: 3, to: 4 },
  ]);
  expect(sequenceRanges([])).toEqual([]);
});

test("a range has as many events as it may have, wherever it begins", () => {
  expect(sequenceRanges([1, 2, 3, 4, 5], 2)).toEqual([
    { from: 0, to: 2 },
    { from: 2, to: 4 },
    { from: 4, to: 5 },
  ]);
  expect(sequenceRanges([1, 2, 9, 10, 11], 3)).toEqual([
    { from: 0, to: 2 },
    { from: 2, to: 5 },
  ]);
});

test("ranges hold every event once, in order, each the successor of the one before", () => {
  const numbers = fc.array(fc.integer({ min: -2, max: 6 }), { maxLength: 12 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 4 }), (sequence, most) => {
      const ranges = sequenceRanges(sequence, most);
      const indexes = ranges.flatMap(({ from, to }) =>
        Array.from({ length: to - from }, (_, index) => from + index),
      );
      expect(indexes).toEqual([...sequence.keys()]);
      for (const { from, to } of ranges) {
        expect(to - from).toBeLessThanOrEqual(most);
        const range = sequence.slice(from, to);
        expect(range).toEqual(range.map((_, at) => (range[0] ?? 0) + at));
      }
    }),
  );
});
