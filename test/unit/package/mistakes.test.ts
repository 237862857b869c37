import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDir } from "../../../local/src/platform/folders.ts";
import { compile } from "../../../scripts/package/compile.ts";
import { checkWithJob } from "../../../scripts/package/check.ts";
import { warningLines } from "../../../scripts/package/mistakes.ts";
import { readPipeline } from "../../../scripts/package/readPipeline.ts";
import { canonical, digestOf } from "../../../src/domain/canonical.ts";
import { definitionPath } from "../../../src/domain/paths.ts";
import { checkDocument } from "../../support/app/documentCheck.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-pipelines-"));
  mkdirSync(join(dir, "pipelines"));
  cpSync(
    join(projectDir, "pipelines", "flights"),
    join(dir, "pipelines", "flights"),
    { recursive: true },
  );
});
afterEach(() => rmSync(dir, { recursive: true }));

const edit = (file: string, change: (text: string) => string): void => {
  const path = join(dir, "pipelines", "flights", file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
};

/** `line message` of each mistake, the file before it where it is not pipeline.yaml. */
const mistakes = (): string[] => {
  const folder = readPipeline(dir, "flights");
  return [...folder.mistakes, ...checkWithJob([folder]).mistakes].map(
    ({ file, line, message }) => {
      const name = file.replace("pipelines/flights/", "");
      return `${name === "pipeline.yaml" ? "" : `${name} `}${line} ${message}`;
    },
  );
};

const compiled = () => {
  const folder = readPipeline(dir, "flights");
  return compile(folder, checkWithJob([folder]).gold.get("flights"));
};

const lineOf = (file: string, text: string): number =>
  readFileSync(join(dir, "pipelines", "flights", file), "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text)) + 1;

test("the sample has no mistake", () => {
  expect(mistakes()).toEqual([]);
});

test("a sum of doubles is a warning with file and line, by the contract's types, and no mistake", () => {
  const airports = "gold/airport_delays.sql";
  edit(airports, (text) =>
    text.replace(
      "  airports.latitude,\n",
      "  avg(airports.latitude) OVER () AS latitude,\n",
    ),
  );
  edit("gold/route_delays.sql", (text) =>
    text.replace("round(avg(distance), 6)", "avg(distance)"),
  );
  expect(mistakes()).toEqual([]);
  const { warnings } = checkWithJob([readPipeline(dir, "flights")]);
  expect(warnings).toEqual([
    {
      file: `pipelines/flights/${airports}`,
      line: lineOf(airports, "latitude"),
      message:
        "AVG(airports.latitude) adds doubles: its last bits depend on the order of the rows, and may count as a change. Write round(AVG(airports.latitude), 6), or add DECIMAL values.",
    },
  ]);
  expect(warningLines(warnings)).toEqual([
    "The pipelines have one warning:",
    expect.stringMatching(
      /^pipelines\/flights\/gold\/airport_delays.sql:\d+ AVG/,
    ),
  ]);
  expect(warningLines([])).toEqual([]);
});

test("every mistake of a folder is reported together, each at its line", () => {
  edit("pipeline.yaml", (text) =>
    text
      .replace("late_after: 2 days", "late_aftr: 2 days")
      .replace("quiet_for: 3 seconds", "quiet_for: soon")
      .replace("trigger: queue", "trigger: webhook"),
  );
  expect(mistakes().sort()).toEqual(
    [
      `${lineOf("pipeline.yaml", "late_aftr")} sources.flights.late_aftr: is an unknown key. Did you mean late_after?`,
      `${lineOf("pipeline.yaml", "quiet_for")} batching.quiet_for: 'soon' is no length of time. Write a number and its unit, such as 3 seconds, 5 minutes or 2 days.`,
      `${lineOf("pipeline.yaml", "trigger")} sources.airports.trigger: 'webhook' cannot stand here. Write queue or blob.`,
    ].sort(),
  );
});

test("shares are numbers from 0 to 100 with their sign, and the names of what may go astray are told", () => {
  edit(
    "pipeline.yaml",
    (text) =>
      `${text}\ntolerated:\n  quarantined: 0.1\n  refused: 120 %\n  lat: 5 %\n`,
  );
  expect(mistakes().sort()).toEqual(
    [
      `${lineOf("pipeline.yaml", "quarantined: 0.1")} tolerated.quarantined: '0.1' cannot stand here. Write a share, such as 10 %.`,
      `${lineOf("pipeline.yaml", "120 %")} tolerated.refused: '120 %' is no share. Write a number from 0 to 100 and %, such as 10 %.`,
      `${lineOf("pipeline.yaml", "lat: 5 %")} tolerated.lat: is an unknown key. Did you mean late?`,
    ].sort(),
  );
});

test("what is tolerated is compiled as parts of one, with what is tolerated by default", () => {
  expect(compiled().tolerated).toEqual({ quarantined: 0.1, refused: 0.1 });
  edit(
    "pipeline.yaml",
    (text) => `${text}\ntolerated:\n  quarantined: 2.5%\n  late: 100 %\n`,
  );
  expect(compiled().tolerated).toEqual({
    ...{ quarantined: 0.025, refused: 0.1, late: 1 },
  });
});

test("ways to split a body and to settle a key that there are not are told with those that there are", () => {
  edit("pipeline.yaml", (text) =>
    text
      .replace("late_after: 2 days", "split: lines")
      .replace("on_redrop: replace", "on_repeated_key: newest"),
  );
  expect(mistakes().sort()).toEqual(
    [
      `${lineOf("pipeline.yaml", "newest")} sources.airports.on_repeated_key: 'newest' cannot stand here. Write first or last.`,
      `${lineOf("pipeline.yaml", "lines")} sources.flights.split: 'lines' cannot stand here. Write array or records.`,
    ].sort(),
  );
});

test("what is said about the event time needs one", () => {
  edit("pipeline.yaml", (text) =>
    text
      .replace("event_time: date", "future_after: 1 hour")
      .replace("    late_after: 2 days\n", ""),
  );
  expect(mistakes()).toEqual([
    `${lineOf("pipeline.yaml", "future_after")} sources.flights.future_after: is there without event_time. Write event_time with the property that says when the event happened, or leave future_after out.`,
  ]);
});

test("a mistake of pipeline.yaml hides none of the other files, and makes none there", () => {
  edit("pipeline.yaml", (text) =>
    text
      .replace("late_after: 2 days", "late_after: soon")
      .replace("key: [origin, destination]", "key: origin")
      .replace("trigger: queue", "trigger: webhook"),
  );
  edit("gold/route_delays.sql", (text) =>
    text.replace("silver.flights", "silver.flihgts"),
  );
  edit("contracts/airport.schema.json", (text) =>
    text.replace('"type": "object"', '"type": "list"'),
  );
  const places = mistakes().map((each) =>
    each.split(" ").slice(0, 2).join(" "),
  );
  const yaml = (text: string, path: string): string =>
    `${lineOf("pipeline.yaml", text)} ${path}:`;
  expect(places.sort()).toEqual(
    [
      yaml("late_after", "sources.flights.late_after"),
      yaml("trigger", "sources.airports.trigger"),
      yaml("key: origin", "gold.route_delays.key"),
      `gold/route_delays.sql ${lineOf("gold/route_delays.sql", "flihgts")}`,
      `contracts/airport.schema.json ${lineOf("contracts/airport.schema.json", '"list"')}`,
    ].sort(),
  );
});

test("a keyword of JSON Schema that is not checked at scale is refused", () => {
  edit("contracts/flight.schema.json", (text) =>
    text.replace('"minimum": 0', '"multipleOf": 5'),
  );
  expect(mistakes()).toEqual([
    expect.stringMatching(
      /^contracts\/flight\.schema\.json \d+ properties\.distance\.multipleOf: is an unknown key\./,
    ),
  ]);
});

test("what the job's reader of contracts would refuse is refused, each keyword at its line", () => {
  edit("contracts/flight.schema.json", (text) =>
    text
      .replace("^[A-Z0-9]{3}$", String.raw`^[A-Z]{3}\\b`)
      .replace("^[A-Z0-9]{3}$", String.raw`^\\p{Lu}{3}$`)
      .replace("yyyy/MM/dd HH:mm", "EEE, dd MMM yyyy"),
  );
  const file = "contracts/flight.schema.json";
  const instead = String.raw`Write it with classes such as [A-Z], \d, \w and \s, and groups (…), (?:…), (?=…) and (?!…).`;
  expect(mistakes()).toEqual([
    `${file} ${lineOf(file, "EEE")} properties.date.x-parse: 'EEE, dd MMM yyyy' is no layout that can be read. Write the letters y M d H m s S, such as "yyyy/MM/dd HH:mm", or epoch-seconds or epoch-milliseconds.`,
    String.raw`${file} ${lineOf(file, "\\\\b")} properties.origin.pattern: \b is not supported in a pattern. ${instead}`,
    String.raw`${file} ${lineOf(file, "p{Lu}")} properties.destination.pattern: \p is not supported in a pattern. ${instead}`,
  ]);
});

test("properties whose names differ in upper and lower case only are refused", () => {
  edit("contracts/flight.schema.json", (text) =>
    text.replace(
      '"delay": {',
      '"Origin": { "type": "string" },\n    "delay": {',
    ),
  );
  const file = "contracts/flight.schema.json";
  expect(mistakes()).toEqual([
    `${file} ${lineOf(file, '"origin": {')} properties.origin: is the column Origin already, whose name differs in upper and lower case only. Write another name, or "x-column" with the name of a column of its own.`,
  ]);
});

test("a name that cannot be one of a table is told as that", () => {
  edit("pipeline.yaml", (text) =>
    text.replace("  airports:", "  Air-ports:").replace(/route_delays:/, "R:"),
  );
  const why =
    "is no name of a table, source or sink. Write lower-case letters, digits and underscores, 63 at most, a letter first.";
  expect(mistakes()).toEqual([
    `${lineOf("pipeline.yaml", "Air-ports")} sources.Air-ports: ${why}`,
    `${lineOf("pipeline.yaml", "R:")} gold.R: ${why}`,
  ]);
});

test("a hub is named so that its function can be named after it", () => {
  for (const hub of ["flights.eu", "flights-", "f".repeat(116)]) {
    edit("pipeline.yaml", (text) => text.replace(/hub: .*/, `hub: ${hub}`));
    expect(mistakes()).toEqual([
      `${lineOf("pipeline.yaml", "hub:")} sources.flights.hub: is no name of an event hub that a function can be named after. Write letters, digits, '-' and '_', 115 at most, a letter or digit first and last.`,
    ]);
  }
  edit("pipeline.yaml", (text) =>
    text.replace(/hub: .*/, `hub: ${"f".repeat(115)}`),
  );
  expect(mistakes()).toEqual([]);
});

test("a contract that is missing is named with the ones that are there", () => {
  edit("pipeline.yaml", (text) =>
    text.replace(
      "contracts/flight.schema.json",
      "contracts/flihgt.schema.json",
    ),
  );
  expect(mistakes()).toEqual([
    `${lineOf("pipeline.yaml", "flihgt")} sources.flights.contract: there is no file contracts/flihgt.schema.json. Did you mean contracts/flight.schema.json?`,
  ]);
});

test("an event time that cannot be read as an instant is refused", () => {
  edit("pipeline.yaml", (text) =>
    text.replace("event_time: date", "event_time: origin"),
  );
  expect(mistakes()[0]).toContain(
    'event_time: origin cannot be read as an instant: in contracts/flight.schema.json it has no format and no x-parse. Write "format": "date-time" there, or "x-parse" with its layout, such as "yyyy/MM/dd HH:mm".',
  );
});

test("gold SQL and pipeline.yaml name the same tables", () => {
  edit("pipeline.yaml", (text) =>
    text.replace("route_delays:", "route_delay:"),
  );
  expect(mistakes()).toEqual([
    `${lineOf("pipeline.yaml", "route_delay")} gold.route_delay: there is no file gold/route_delay.sql. Write the table's SELECT into it, or name the table route_delays, as the file gold/route_delays.sql is.`,
    "gold/route_delays.sql 1 is not among the gold tables of pipeline.yaml. Add route_delays with its key there, or remove the file.",
  ]);
});

test("a table that gold SQL misspells is found by the parser of the jobs, at its line", () => {
  edit("gold/route_delays.sql", (text) =>
    text.replace("silver.flights", "silver.flihgts"),
  );
  const line = lineOf("gold/route_delays.sql", "flihgts");
  expect(mistakes()).toEqual([
    expect.stringMatching(
      new RegExp(`^gold/route_delays\\.sql ${line} .*flihgts.*flights`),
    ),
  ]);
});

test("a contract that several sources have is checked once, and one that is no object is told", () => {
  edit("pipeline.yaml", (text) =>
    text.replace(
      "contracts/airport.schema.json",
      "contracts/flight.schema.json",
    ),
  );
  edit("contracts/flight.schema.json", (text) =>
    text.replace('"minimum": 0', '"multipleOf": 5'),
  );
  expect(mistakes()).toEqual([
    expect.stringContaining("airport.schema.json 1 is the contract of no"),
    expect.stringContaining("multipleOf: is an unknown key."),
  ]);
  edit("contracts/flight.schema.json", () => "[]");
  expect(mistakes()).toContain(
    "contracts/flight.schema.json 1 the file: the contract is no object. Write an object with the properties of one event.",
  );
});

test("what is compiled is a definition as the schema says", () => {
  const definition = compiled();
  const path = definitionPath("flights", definition.digest);
  expect(() => {
    checkDocument(path, JSON.stringify(definition));
  }).not.toThrow();
});

test("a definition tells where its contracts' properties stand", () => {
  const { contractFile, contractLines } = compiled().sources["flights"] ?? {};
  expect(contractFile).toBe("contracts/flight.schema.json");
  expect(contractLines).toMatchObject({
    date: lineOf("contracts/flight.schema.json", '"date": {'),
    delay: lineOf("contracts/flight.schema.json", '"delay": {'),
  });
});

test("the digest is that of the content, whatever the order of its keys", () => {
  const { digest, ...content } = compiled();
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf(JSON.parse(JSON.stringify(content)) as object)).toBe(digest);
  expect(canonical({ b: 1, a: [{ d: null, c: "x" }] })).toBe(
    '{"a":[{"c":"x","d":null}],"b":1}',
  );
  edit("gold/route_delays.sql", (text) => `${text}\n`);
  expect(compiled().digest).not.toBe(digest);
});
