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

const partitionContext = { partitionId: "3" };

test("numbers come as text, as big integers and as halves, and nothing else is one", () => {
  expect(toInteger(7n)).toBe(7);
  expect(toInteger({ low: 5, high: 0 })).toBe(5);
  for (const none of ["", null, undefined, {}, [], true, { high: 1 }])
    expect(toInteger(none)).toBeNaN();
});

test("a partition is its number or its name, and a delivery without one has no answer", () => {
  const of = (partitionId: unknown) =>
    normaliseMetadata({ ...metadata, partitionContext: { partitionId } }, 3);
  expect(of(7)?.partition).toBe("7");
  expect(of("a")?.partition).toBe("a");
  expect(of(null)).toBeUndefined();
  expect(of(undefined)).toBeUndefined();
});

test("what the host says in no array is said by the system properties, else it is empty", () => {
  const system = [
    { sequenceNumber: 4, offset: 9, enqueuedTimeUtc: "2026-01-01T10:00:00" },
    { sequenceNumber: 5, offset: "b", enqueuedTimeUtc: "" },
  ];
  const read = normaliseMetadata(
    { partitionContext, systemPropertiesArray: system },
    2,
  );
  expect(read).toEqual({
    partition: "3",
    sequenceNumbers: [4, 5],
    offsets: ["9", "b"],
    enqueuedTimes: ["2026-01-01T10:00:00Z", ""],
    properties: [{}, {}],
    systemProperties: [{}, {}],
  });
  expect(
    normaliseMetadata({ partitionContext, sequenceNumberArray: [4, 5] }, 2),
  ).toEqual({
    partition: "3",
    sequenceNumbers: [4, 5],
    offsets: ["4", "5"],
    enqueuedTimes: ["", ""],
    properties: [{}, {}],
    systemProperties: [{}, {}],
  });
});

test("what producers set is kept as it came", () => {
  const propertiesArray = [{ a: 1 }, {}, { b: null }];
  expect(
    normaliseMetadata({ ...metadata, propertiesArray }, 3)?.properties,
  ).toEqual(propertiesArray);
  expect(
    normaliseMetadata({ ...metadata, propertiesArray: [{ a: 1 }] }, 3)
      ?.properties,
  ).toEqual([{}, {}, {}]);
});

test("a time is text, a date of the host's, or unknown", () => {
  const timesOf = (...enqueuedTimeUtcArray: readonly unknown[]) =>
    normaliseMetadata({ ...metadata, enqueuedTimeUtcArray }, 3)?.enqueuedTimes;
  expect(
    timesOf(new Date("2026-01-01T10:00:00Z"), "", "2026-01-01T10:00:00-0230"),
  ).toEqual(["2026-01-01T10:00:00.000Z", "", "2026-01-01T10:00:00-0230"]);
  expect(timesOf(7, null, "2026-01-01T10:00:00+02:00x")).toEqual([
    ...["", "", "2026-01-01T10:00:00+02:00xZ"],
  ]);
});

test("of the system properties those are left that have no field of their own, and that say something", () => {
  const covered = {
    ...{ sequenceNumber: 1, offset: "0", enqueuedTimeUtc: "t" },
    ...{ "x-opt-sequence-number": 1, "x-opt-offset": "0" },
    "x-opt-enqueued-time": 7,
  };
  const nothing = { ...covered, partitionKey: null, more: undefined };
  const read = normaliseMetadata(
    {
      ...metadata,
      systemPropertiesArray: [
        ...[covered, nothing],
        { ...nothing, key: "k", zero: 0, no: false, empty: "" },
      ],
    },
    3,
  );
  expect(read?.systemProperties).toEqual([
    ...[{}, {}],
    { key: "k", zero: 0, no: false, empty: "" },
  ]);
});
