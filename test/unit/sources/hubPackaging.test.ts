import { z } from "zod";
import { duration, pathOf } from "../../../scripts/package/words.ts";
import { packaging } from "../../../src/sources/hub/packaging.ts";
import type { HubYaml } from "../../../src/sources/hub/yaml.ts";

/** Made anew for each question: it is what is tested. */
const grammar = () =>
  packaging.yaml({
    z,
    duration,
    contract: pathOf("contracts", ".schema.json"),
  });
const contract = "contracts/flight.schema.json";
const parse = (more: object = {}): HubYaml =>
  grammar().parse({ hub: "flights", contract, ...more });

/** `key: message` */
const mistakes = (more: object): string[] =>
  (
    grammar().safeParse({ hub: "flights", contract, ...more }).error?.issues ??
    []
  ).map(({ path, message }) => `${path.join(".")}: ${message}`);
const isRight = (more: object): boolean => mistakes(more).length === 0;

test("what a hub's source leaves out has a default", () => {
  expect(parse()).toEqual({
    ...{ hub: "flights", contract },
    ...{ partitions: 4, max_event_kb: 16, land_within: 2 },
  });
});

test("the bounds of what a hub's source may say", () => {
  for (const [key, least, most, message] of [
    ["partitions", 1, 32, "Write a number of partitions from 1 to 32."],
    [
      "max_event_kb",
      1,
      1024,
      "Write a whole number of kilobytes from 1 to 1024.",
    ],
  ] as const) {
    for (const right of [least, most])
      expect(isRight({ [key]: right })).toBe(true);
    for (const wrong of [least - 1, most + 1, 1.5, "2"])
      expect(mistakes({ [key]: wrong })).toEqual([`${key}: ${message}`]);
  }
  expect(parse({ land_within: "10 minutes" }).land_within).toBe(600);
  expect(parse({ land_within: "0 seconds" }).land_within).toBe(0);
  expect(mistakes({ land_within: "601 seconds" })).toEqual([
    "land_within: is longer than the host can wait. Write 10 minutes at most.",
  ]);
  for (const split of ["array", "records"])
    expect(parse({ split }).split).toBe(split);
  expect(mistakes({ split: "lines" })).toEqual([
    "split: Write array or records.",
  ]);
  expect(mistakes({ event_time: 1 })).toEqual([
    "event_time: Write the name of a property of the contract.",
  ]);
  expect(mistakes({ hub: 1 })).toEqual([
    "hub: Write the name of an event hub.",
  ]);
  expect(isRight({ more: 1 })).toBe(false);
});

test.each([
  ["a", true],
  ["A1", true],
  ["1-_z", true],
  [`a${"b".repeat(113)}c`, true],
  [`a${"b".repeat(114)}c`, false],
  ["", false],
  ["-a", false],
  ["a-", false],
  ["_a", false],
  ["a_", false],
  ["a.b", false],
  ["a b", false],
  ["a\nb", false],
  ["ä", false],
])("a hub that is named %j: %s", (hub, expected) => {
  expect(isRight({ hub })).toBe(expected);
});

test("a source is compiled to what the app reads, without what it does not say", () => {
  const bare = {
    ...{ kind: "hub", input: "stream", stream: "hub/flights", hub: "flights" },
    ...{ consumerGroup: "assay", contiguous: true, landWithinSeconds: 2 },
    contract: { properties: {} },
  };
  const schema = { properties: {} };
  expect(packaging.compile(parse(), schema)).toEqual(bare);
  expect(
    packaging.compile(parse({ event_time: "at", split: "array" }), schema),
  ).toEqual({
    ...{ ...bare, eventTime: "at", futureAfterSeconds: 86_400, split: "array" },
  });
  const times = { late_after: "1 hour", future_after: "2 hours" };
  expect(
    packaging.compile(parse({ event_time: "at", ...times }), schema),
  ).toEqual({
    ...{ ...bare, eventTime: "at" },
    ...{ lateAfterSeconds: 3_600, futureAfterSeconds: 7_200 },
  });
});

const properties = {
  at: { type: "string", format: "date-time" },
  day: { type: "string", "x-parse": "yyyy/MM/dd" },
  name: { type: "string" },
  odd: null,
  text: "string",
};
const mistakesOf = (more: object, schema: object = { properties }) =>
  packaging.mistakes(parse(more), schema);

test("an event time is a property that can be read as an instant", () => {
  for (const event_time of ["at", "day"])
    expect(mistakesOf({ event_time, late_after: "1 day" })).toEqual([]);
  expect(mistakesOf({})).toEqual([]);
  const unreadable = (name: string) => ({
    path: ["event_time"],
    message: `${name} cannot be read as an instant: in ${contract} it has no format and no x-parse. Write "format": "date-time" there, or "x-parse" with its layout, such as "yyyy/MM/dd HH:mm".`,
  });
  for (const event_time of ["name", "odd", "text"])
    expect(mistakesOf({ event_time })).toEqual([unreadable(event_time)]);
  const missing = (words: string[]) => ({
    path: ["event_time"],
    message: `when is not among the properties of ${contract}.`,
    near: { word: "when", words },
  });
  const event_time = "when";
  expect(mistakesOf({ event_time })).toEqual([missing(["at", "day"])]);
  for (const schema of [{}, { properties: null }, { properties: "at" }])
    expect(mistakesOf({ event_time }, schema)).toEqual([missing([])]);
  // What every object inherits is no property.
  expect(mistakesOf({ event_time: "toString" })[0]?.message).toContain(
    "is not among",
  );
});

test("what speaks of an event time is a mistake without one, each by itself", () => {
  const found = (more: object) =>
    mistakesOf(more).map(({ path, message }) => [path, message]);
  const told = (key: string) => [
    [key],
    `is there without event_time. Write event_time with the property that says when the event happened, or leave ${key} out.`,
  ];
  expect(found({ late_after: "1 day" })).toEqual([told("late_after")]);
  expect(found({ future_after: "1 day" })).toEqual([told("future_after")]);
  expect(found({ late_after: "1 day", future_after: "1 day" })).toEqual([
    ...[told("late_after"), told("future_after")],
  ]);
});

const entryOf = (pipeline: string, source: string, more: object = {}) => ({
  ...{ pipeline, source, written: parse(more) },
});

test("a hub that several pipelines read is made once, with the most partitions of them", () => {
  const hubs = (...counts: number[]) =>
    packaging.provision([
      ...counts.map((partitions, at) => entryOf(`p${at}`, "s", { partitions })),
      entryOf("other", "s", { hub: "trains" }),
    ]).hubs;
  for (const counts of [
    [2, 8],
    [8, 2],
  ])
    expect(hubs(...counts)).toEqual([
      { name: "flights", partitions: 8, consumerGroups: ["assay"] },
      { name: "trains", partitions: 4, consumerGroups: ["assay"] },
    ]);
});

const hostOf = (...entries: ReturnType<typeof entryOf>[]) =>
  packaging.hostJson?.(entries);

test.each<[object, object]>([
  [
    {},
    {
      ...{ maxEventBatchSize: 2048, minEventBatchSize: 1024 },
      ...{ prefetchCount: 4096, maxWaitTime: "00:00:02" },
    },
  ],
  [
    { partitions: 32, max_event_kb: 1024 },
    {
      ...{ maxEventBatchSize: 4, minEventBatchSize: 3 },
      ...{ prefetchCount: 8, maxWaitTime: "00:00:02" },
    },
  ],
  [
    { partitions: 1, max_event_kb: 1024, land_within: "1.5 seconds" },
    {
      ...{ maxEventBatchSize: 128, minEventBatchSize: 112 },
      ...{ prefetchCount: 256, maxWaitTime: "00:00:01.500" },
    },
  ],
  [
    { partitions: 32, max_event_kb: 100, land_within: "10 minutes" },
    {
      ...{ maxEventBatchSize: 32, minEventBatchSize: 28 },
      ...{ prefetchCount: 64, maxWaitTime: "00:10:00" },
    },
  ],
  // What is fetched ahead is a fifth of what there is room for.
  [
    { partitions: 32, max_event_kb: 135 },
    {
      ...{ maxEventBatchSize: 32, minEventBatchSize: 28 },
      ...{ prefetchCount: 60, maxWaitTime: "00:00:02" },
    },
  ],
  // Sixty-four would fit without those that wait for others.
  [
    { partitions: 32, max_event_kb: 82 },
    {
      ...{ maxEventBatchSize: 32, minEventBatchSize: 28 },
      ...{ prefetchCount: 64, maxWaitTime: "00:00:02" },
    },
  ],
  [
    { land_within: "0 seconds" },
    {
      ...{ maxEventBatchSize: 2048, minEventBatchSize: 1 },
      ...{ prefetchCount: 4096 },
    },
  ],
])(
  "what the host hands over at once fits into an instance: %j",
  (more, settings) => {
    expect(hostOf(entryOf("p", "s", more))).toMatchObject({
      extension: "eventHubs",
    });
    expect(hostOf(entryOf("p", "s", more))?.settings).toEqual(settings);
  },
);

test("the largest events and the shortest wait of all sources count, whichever comes first", () => {
  const large = entryOf("p", "large", { max_event_kb: 1024, hub: "l" });
  const quick = entryOf("q", "quick", { land_within: "1 second", hub: "q" });
  const told =
    "Events: at most 32 at once, for p.large (1024 KB each, 4 partitions); one waits 1 s at most until 28 are there.";
  for (const entries of [
    [large, quick],
    [quick, large],
  ]) {
    const found = hostOf(...entries);
    expect(found).toMatchObject({
      settings: { maxEventBatchSize: 32, maxWaitTime: "00:00:01" },
      told,
    });
  }
  const never = entryOf("q", "quick", { land_within: "0 seconds" });
  expect(hostOf(never)?.told).toBe(
    "Events: at most 2048 at once, for q.quick (16 KB each, 4 partitions); none waits for others.",
  );
  expect(hostOf()).toBeUndefined();
});

test("of a hub that two pipelines read, the partitions of both count", () => {
  const few = entryOf("p0", "s", { partitions: 1, max_event_kb: 100 });
  const many = entryOf("p1", "s", { partitions: 32, max_event_kb: 100 });
  expect(hostOf(few, many)?.settings).toMatchObject({ maxEventBatchSize: 32 });
});
