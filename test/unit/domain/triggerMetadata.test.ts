import { sequenceRanges } from "../../../src/domain/sequenceRanges.ts";
import {
  normaliseMetadata,
  toInteger,
} from "../../../src/domain/triggerMetadata.ts";

test("sequence numbers are read as numbers, as text and as two halves", () => {
  expect(toInteger(42)).toBe(42);
  expect(toInteger("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  expect(toInteger({ low: -1, high: 1, unsigned: false })).toBe(2 ** 33 - 1);
  expect(toInteger(undefined)).toBeNaN();
});

const metadata = {
  partitionContext: { partitionId: "3" },
  sequenceNumberArray: [7, "8", { low: 9, high: 0, unsigned: false }],
  offsetArray: [700, "abc", 900],
  enqueuedTimeUtcArray: [
    "2026-01-01T10:00:00.123",
    "2026-01-01T10:00:00Z",
    "2026-01-01T12:00:00+02:00",
  ],
};

test("times without a zone are UTC, and keep what they say otherwise", () => {
  expect(normaliseMetadata(metadata, 3)).toMatchObject({
    partition: "3",
    sequenceNumbers: [7, 8, 9],
    offsets: ["700", "abc", "900"],
    enqueuedTimes: [
      "2026-01-01T10:00:00.123Z",
      "2026-01-01T10:00:00Z",
      "2026-01-01T12:00:00+02:00",
    ],
  });
});

test("arrays that the host shortened are left, and the system properties tell instead", () => {
  const system = [4, 5].map((sequenceNumber) => ({
    sequenceNumber,
    offset: `${sequenceNumber}00`,
    enqueuedTimeUtc: "2026-01-01T10:00:00",
    "x-opt-sequence-number": sequenceNumber,
    "x-opt-offset": `${sequenceNumber}00`,
    "x-opt-enqueued-time": "2026-01-01T10:00:00Z",
    partitionKey: "k",
  }));
  const { partitionContext } = metadata;
  const read = normaliseMetadata(
    {
      partitionContext,
      sequenceNumberArray: [4],
      offsetArray: [],
      systemPropertiesArray: system,
    },
    2,
  );
  expect(read).toMatchObject({
    sequenceNumbers: [4, 5],
    offsets: ["400", "500"],
  });
  expect(read?.systemProperties).toEqual([
    { partitionKey: "k" },
    { partitionKey: "k" },
  ]);
});

test("without a position for every body there is no answer", () => {
  expect(normaliseMetadata(metadata, 4)).toBeUndefined();
  expect(
    normaliseMetadata({ ...metadata, partitionContext: undefined }, 3),
  ).toBeUndefined();
  expect(
    normaliseMetadata({ ...metadata, sequenceNumberArray: [1, 2, "x"] }, 3),
  ).toBeUndefined();
});

test("a batch is cut where its sequence numbers are not consecutive", () => {
  expect(sequenceRanges([5, 6, 7])).toEqual([{ from: 0, to: 3 }]);
  expect(sequenceRanges([5, 7, 8, 20])).toEqual([
    { from: 0, to: 1 },
    { from: 1, to: 3 },
    { from: 3, to: 4 },
  ]);
});
