import { z } from "zod";
import { duration, pathOf } from "../../../scripts/package/words.ts";
import { CLOSING_APIS } from "../../../src/domain/landing.ts";
import { packaging } from "../../../src/sources/landing/packaging.ts";

/** Made anew for each question: it is what is tested. */
const grammar = () =>
  packaging.yaml({
    z,
    duration,
    contract: pathOf("contracts", ".schema.json"),
  });
const contract = "contracts/town.schema.json";
const parse = (more: object = {}) =>
  grammar().parse({ landing: "towns", contract, ...more });

/** `key: message` */
const mistakes = (more: object): string[] =>
  (
    grammar().safeParse({ landing: "towns", contract, ...more }).error
      ?.issues ?? []
  ).map(({ path, message }) => `${path.join(".")}: ${message}`);

const DEFAULTS = {
  ...{ landing: "towns", contract, trigger: "queue", format: "csv" },
  ...{ on_redrop: "replace", on_repeated_key: "first" },
};

test("what a folder's source leaves out has a default", () => {
  expect(parse()).toEqual(DEFAULTS);
  expect(packaging.mistakes(parse(), {})).toEqual([]);
});

test.each([
  ["a", true],
  ["A1_-", true],
  ["9".repeat(63), true],
  ["9".repeat(64), false],
  ["", false],
  ["_a", false],
  ["-a", false],
  ["a/b", false],
  ["a.b", false],
  ["a\n", false],
])("a folder that is named %j: %s", (landing, isRight) => {
  expect(mistakes({ landing })).toEqual(
    isRight
      ? []
      : [
          "landing: is no folder below landing/. Write letters, digits, '-' and '_', 63 at most, a letter or digit first.",
        ],
  );
});

test.each<[string, readonly string[], string]>([
  ["trigger", ["queue", "blob"], "Write queue or blob."],
  [
    "format",
    ["csv", "json", "ndjson", "avro", "parquet", "reference"],
    "Files of text may be gzipped.",
  ],
  [
    "on_redrop",
    ["replace", "append", "reject"],
    "Write replace, append or reject.",
  ],
  ["on_repeated_key", ["first", "last"], "Write first or last."],
])("%s is one of %j", (key, words, message) => {
  for (const word of words)
    expect(parse({ [key]: word })).toEqual({ ...DEFAULTS, [key]: word });
  const [told = ""] = mistakes({ [key]: "other" });
  expect(told.startsWith(`${key}: Write `)).toBe(true);
  expect(told.endsWith(message)).toBe(true);
  expect(mistakes({ landing: 1 })).toEqual([
    "landing: Write the name of a folder below landing/.",
  ]);
});

test("the formats are told with commas and a last or", () => {
  expect(mistakes({ format: "xml" })).toEqual([
    "format: Write csv, json, ndjson, avro, parquet or reference. Files of text may be gzipped.",
  ]);
});

test("a source is compiled to what the app and the job read", () => {
  const schema = { properties: {} };
  const source = {
    ...{ kind: "landing", input: "files", folder: "towns", trigger: "queue" },
    ...{ onRedrop: "replace", onRepeatedKey: "first", contract: schema },
  };
  expect(packaging.compile(parse({ format: "json" }), schema)).toEqual({
    ...{ ...source, format: { kind: "json" } },
  });
  const csv = { kind: "csv", delimiter: ",", quote: '"', encoding: "utf-8" };
  const more = {
    trigger: "blob",
    on_redrop: "append",
    on_repeated_key: "last",
  };
  expect(packaging.compile(parse(more), schema)).toEqual({
    ...source,
    ...{ trigger: "blob", onRedrop: "append", onRepeatedKey: "last" },
    format: { ...csv, skipLines: 0, decimal: "." },
  });
});

const entryOf = (pipeline: string, source: string, more: object = {}) => ({
  ...{ pipeline, source, written: parse(more) },
});

test("of dropped files the queue is told, but for those folders that have a trigger of their own", () => {
  const entries = [
    entryOf("p_q", "s_t", { landing: "a" }),
    entryOf("p_q", "blob_s", { landing: "b", trigger: "blob" }),
  ];
  const blobs = "/blobServices/default/containers/lake/blobs/";
  const created = "Microsoft.Storage.BlobCreated";
  const renamed = "Microsoft.Storage.BlobRenamed";
  const finished = CLOSING_APIS.filter((api) => !/Rename/.test(api));
  expect(finished).toHaveLength(CLOSING_APIS.length - 2);
  expect(packaging.provision(entries)).toEqual({
    lake: {
      folders: ["landing/a", "landing/b"],
      queues: ["landing-events", "landing-events-poison"],
      subscriptions: [
        {
          name: "landing-events",
          eventTypes: [created, renamed],
          subjectBeginsWith: `${blobs}landing/`,
          subjectNotBeginsWith: [`${blobs}landing/b/`],
          apis: CLOSING_APIS,
          destination: { queue: "landing-events" },
        },
        {
          name: "p-q-blob-s",
          eventTypes: [created],
          subjectBeginsWith: `${blobs}landing/b/`,
          subjectNotBeginsWith: [],
          apis: finished,
          destination: { blobTrigger: "claimBlob-p_q-blob_s" },
        },
      ],
    },
  });
});

/** `pipeline.source key: message` */
const clashes = (...entries: ReturnType<typeof entryOf>[]): string[] =>
  packaging
    .clashes(entries)
    .map(
      ({ entry, path, message }) =>
        `${entry.pipeline}.${entry.source} ${path.join(".")}: ${message}`,
    );
const blob = (pipeline: string, source: string, landing: string) =>
  entryOf(pipeline, source, { landing, trigger: "blob" });

test("a folder belongs to the first source that names it", () => {
  expect(clashes(entryOf("a", "s"), entryOf("b", "t"))).toEqual([
    "b.t landing: landing/towns belongs to a.s. Write another folder.",
  ]);
});

test("the event subscription of a blob trigger has a name of its own, which is not too long", () => {
  expect(clashes(blob("a_b", "c", "x"), blob("a", "b_c", "y"))).toEqual([
    "a.b_c : its event subscription a-b-c is that of a_b.c. Write another name, or trigger: queue.",
  ]);
  expect(
    clashes(blob("a_b", "c", "x"), entryOf("a", "b_c", { landing: "y" })),
  ).toEqual([]);
  expect(clashes(blob("landing", "events", "x"))).toEqual([
    "landing.events : its event subscription landing-events is that of the queue. Write another name, or trigger: queue.",
  ]);
  expect(clashes(blob("a", "b".repeat(62), "x"))).toEqual([]);
  const long = "b".repeat(63);
  expect(clashes(blob("a", long, "x"))).toEqual([
    `a.${long} : its event subscription a-${long} is longer than 64 characters. Write another name, or trigger: queue.`,
  ]);
});

test("so many sources have a blob trigger as the queue's subscription can leave out", () => {
  const most = 25 - CLOSING_APIS.length;
  const many = Array.from({ length: most + 1 }, (_, at) =>
    blob("p", `s${at}`, `f${at}`),
  );
  expect(clashes(...many.slice(1), entryOf("p", "queued"))).toEqual([]);
  expect(clashes(...many)).toEqual([
    `p.s${most} trigger: blob is more than Event Grid takes: ${most} sources have a blob trigger already, and the queue's subscription can leave out no more folders. Write trigger: queue.`,
  ]);
});

test("the columns that a header lacks are those that the contract requires", () => {
  const csv = { header: ["a", "b"] };
  const told = (contract: object) =>
    packaging.mistakes(parse({ csv }), contract).map(({ message }) => message);
  for (const contract of [{}, { required: "c" }, { required: ["b", 7] }])
    expect(told(contract)).toEqual([]);
  expect(told({ required: ["c", "a", "d"] })).toEqual(
    ["c", "d"].map(
      (name) =>
        `lacks ${name}, which the contract requires. Write the names of all columns, in their order.`,
    ),
  );
  // A column that is not read may have no name, as may another one.
  const unnamed = parse({ csv: { header: ["a", "", ""] } });
  expect(packaging.mistakes(unnamed, {})).toEqual([]);
});
