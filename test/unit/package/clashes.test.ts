import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clashesOf } from "../../../scripts/package/clashes.ts";
import { provisionOf } from "../../../scripts/package/provision.ts";
import {
  pipelineNames,
  readPipeline,
} from "../../../scripts/package/readPipeline.ts";

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "assay-pipelines-"))));
afterEach(() => rmSync(dir, { recursive: true }));

const CONTRACT = "contract: contracts/c.schema.json";

/** One line an entry, so that lines can be counted: sources begin at line 2. */
function aPipeline(
  name: string,
  sources: Readonly<Record<string, string>>,
  gold: readonly string[] = [],
): void {
  const lines = [
    "sources:",
    ...Object.entries(sources).map(
      ([source, text]) => `  ${source}: { ${text}, ${CONTRACT} }`,
    ),
    gold.length === 0 ? "gold: {}" : "gold:",
    ...gold.map((table) => `  ${table}: { key: [id] }`),
  ];
  mkdirSync(join(dir, "pipelines", name), { recursive: true });
  writeFileSync(
    join(dir, "pipelines", name, "pipeline.yaml"),
    lines.join("\n"),
  );
}

const clashes = (): string[] =>
  clashesOf(pipelineNames(dir).map((name) => readPipeline(dir, name))).map(
    ({ file, line, message }) =>
      `${file.replace(/^pipelines\/|\/pipeline.yaml$/g, "")}:${line} ${message}`,
  );

test("a hub is one source of a pipeline, however it is spelled, and one of each other pipeline", () => {
  aPipeline("a", { one: "hub: flights", two: "hub: trains" });
  aPipeline("b", { one: "hub: flights" });
  expect(clashes()).toEqual([]);
  aPipeline("a", { one: "hub: flights", two: "hub: Flights" });
  expect(clashes()).toEqual([
    "a:3 sources.two.hub: the source one reads Flights already. Write another hub, or make them one source.",
  ]);
});

test("two pipelines spell a hub alike", () => {
  aPipeline("a", { one: "hub: flights" });
  aPipeline("b", { one: "hub: Flights" });
  expect(clashes()).toEqual([
    "b:2 sources.one.hub: is the hub that a.one names in other letters. Write flights.",
  ]);
});

test("a landing folder belongs to one source of all pipelines", () => {
  aPipeline("a", { one: "landing: drop" });
  aPipeline("b", { one: "landing: drop" });
  expect(clashes()).toEqual([
    "b:2 sources.one.landing: landing/drop belongs to a.one. Write another folder.",
  ]);
});

test("a table of one pipeline is not served from the container of another's", () => {
  aPipeline("a", { one: "hub: a" }, ["b_c"]);
  aPipeline("a_b", { one: "hub: b" }, ["c"]);
  expect(clashes()).toEqual([
    "a_b:4 gold.c: its container a_b_c is that of a.b_c. Write another name.",
  ]);
});

test("a source is not named as a table that another source's silver makes", () => {
  aPipeline("a", { x: "hub: x", x_log: "hub: y", x_quarantine: "hub: z" });
  aPipeline("b", { x_log: "hub: x" });
  expect(clashes()).toEqual([
    "a:3 sources.x_log: silver.x_log is a table that the source x makes. Write another name.",
    "a:4 sources.x_quarantine: silver.x_quarantine is a table that the source x makes. Write another name.",
  ]);
});

test("each blob trigger has an event subscription of its own, with a name that Event Grid takes", () => {
  const long = "s".repeat(63);
  aPipeline("a", { b_c: "landing: one, trigger: blob" });
  aPipeline("a_b", {
    c: "landing: two, trigger: blob",
    [long]: "landing: three, trigger: blob",
    [`${long.slice(1)}t`]: "landing: four, trigger: queue",
  });
  aPipeline("landing", { events: "landing: five, trigger: blob" });
  expect(clashes()).toEqual([
    "a_b:2 sources.c: its event subscription a-b-c is that of a.b_c. Write another name, or trigger: queue.",
    "landing:2 sources.events: its event subscription landing-events is that of the queue. Write another name, or trigger: queue.",
    `a_b:3 sources.${long}: its event subscription a-b-${long} is longer than 64 characters. Write another name, or trigger: queue.`,
  ]);
});

test("Event Grid filters by 25 values: seven calls leave room for the folders of 18 blob triggers", () => {
  const sources = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `s${at}`,
        `landing: folder${at}, trigger: blob`,
      ]),
    );
  aPipeline("a", { ...sources(18), queued: "landing: queued" });
  expect(clashes()).toEqual([]);
  const provision = provisionOf(
    pipelineNames(dir).map((name) => readPipeline(dir, name)),
  );
  const [queue] = provision.lake.subscriptions;
  expect(queue?.apis).toContain("SftpRename");
  expect([
    ...(queue?.apis ?? []),
    ...(queue?.subjectNotBeginsWith ?? []),
  ]).toHaveLength(25);
  aPipeline("b", { one: "landing: one, trigger: blob" });
  expect(clashes()).toEqual([
    "b:2 sources.one.trigger: blob is more than Event Grid takes: 18 sources have a blob trigger already, and the queue's subscription can leave out no more folders. Write trigger: queue.",
  ]);
});

test("a folder that an editor keeps beside the pipelines is none of them", () => {
  mkdirSync(join(dir, "pipelines", ".ipynb_checkpoints"), { recursive: true });
  expect(pipelineNames(dir)).toEqual([]);
});
