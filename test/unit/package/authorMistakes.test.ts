/** What an author gets wrong in her files, and the whole sentence that she reads. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { readPipeline } from "../../../scripts/package/readPipeline.ts";
import {
  aPipeline,
  dir,
  GOLD,
  mistakes,
  SOURCES,
  write,
} from "../../support/authorFolder.ts";

const inYaml: Readonly<
  Record<string, { readonly yaml: string; readonly told: readonly string[] }>
> = {
  "a key column twice": {
    yaml: `${SOURCES}gold:\n  t: { key: [movie, movie, Movie] }\n`,
    told: [
      "4 gold.t.key.1: movie is there twice. Write each column once.",
      "4 gold.t.key.2: Movie is there twice. Write each column once.",
    ],
  },
  "no space after a colon": {
    yaml: `${SOURCES}gold:\n  t:\n    key:[movie]\n`,
    told: [
      "4 gold.t: 'key:[movie]' cannot stand here, without a space after its colon. Write a table's key, such as { key: [airport, day] }.",
    ],
  },
  "a key that is a word, empty, and of numbers": {
    yaml: `${SOURCES}gold:\n  t: { key: movie }\n  u: { key: [] }\n  v: { key: [2024] }\n  w: { key: }\n  x:\n`,
    told: [
      "4 gold.t.key: 'movie' cannot stand here. Write the columns that name a row, such as [airport, day].",
      "5 gold.u.key: is an empty list. Write the columns that name a row, such as [airport, day].",
      "6 gold.v.key.0: '2024' cannot stand here. Write the name of a column.",
      "7 gold.w.key: has no value. Write the columns that name a row, such as [airport, day].",
      "8 gold.x: has no value. Write a table's key, such as { key: [airport, day] }.",
    ],
  },
  "numbers that are none or out of bounds": {
    yaml: `${SOURCES.replace("hub: s", "hub: s, partitions: 64")}${GOLD}batching: { max_events: many, max_files: 2000 }\n`,
    told: [
      "2 sources.s.partitions: '64' cannot stand here. Write a number of partitions from 1 to 32.",
      "5 batching.max_events: 'many' cannot stand here. Write a whole number, 1 at least.",
      "5 batching.max_files: '2000' cannot stand here. Write a whole number from 1 to 1000.",
    ],
  },
  "the longest wait shorter than the pause": {
    yaml: `${SOURCES}${GOLD}batching: { quiet_for: 1 minute, at_most: 30 seconds }\n`,
    told: [
      "5 batching.at_most: is shorter than quiet_for, which would never count. Write 60 seconds or more, or a shorter quiet_for.",
    ],
  },
  "batching that is no map": {
    yaml: `${SOURCES}${GOLD}batching: 3 seconds\n`,
    told: [
      "5 batching: '3 seconds' cannot stand here. Write quiet_for, at_most, max_events or max_files.",
    ],
  },
  "a source without its kind, with two, and one that is a word": {
    yaml: `sources:\n  a: { contract: contracts/c.schema.json }\n  b: { hub: x, landing: y, contract: contracts/c.schema.json }\n  c: hub\n${GOLD}`,
    told: [
      "2 sources.a: has no hub or landing. Write one of them with the name of what it reads.",
      "3 sources.b: has hub and landing. Write one of them, and another source for the other.",
      "4 sources.c: 'hub' cannot stand here. Write a source: its hub or landing, and its contract.",
    ],
  },
  "a source without a contract, and one elsewhere": {
    yaml: `sources:\n  a: { hub: a }\n  b: { hub: b, contract: ../c.schema.json }\n${GOLD}`,
    told: [
      "2 sources.a.contract: is missing. Write the path of a file in contracts/, such as contracts/name.schema.json.",
      "3 sources.b.contract: '../c.schema.json' cannot stand here. Write the path of a file in contracts/, such as contracts/name.schema.json.",
    ],
  },
  "sinks as a list": {
    yaml: `${SOURCES}${GOLD}sinks: [cosmos]\n`,
    told: [
      "5 sinks: is a list. Write sinks by their names, such as cosmos: { kind: cosmos }, or leave sinks out for one cosmos with all tables.",
    ],
  },
  "sinks without a value": {
    yaml: `${SOURCES}${GOLD}sinks:\n`,
    told: [
      "5 sinks: has no value. Write sinks by their names, such as cosmos: { kind: cosmos }, or leave sinks out for one cosmos with all tables.",
    ],
  },
  "a sink that is a word": {
    yaml: `${SOURCES}${GOLD}sinks:\n  cosmos: cosmos\n`,
    told: [
      "6 sinks.cosmos: 'cosmos' cannot stand here. Write a sink's kind, such as { kind: cosmos } or { kind: notify }.",
    ],
  },
  "a kind as a list": {
    yaml: `${SOURCES}${GOLD}sinks:\n  cosmos: { kind: [cosmos] }\n`,
    told: [
      "6 sinks.cosmos.kind: is a list. Write a kind of sink: cosmos or notify.",
    ],
  },
  "after as a list": {
    yaml: `${SOURCES}${GOLD}sinks:\n  cosmos: { kind: cosmos }\n  tell: { kind: notify, after: [cosmos] }\n`,
    told: [
      "7 sinks.tell.after: is a list. Write the name of one sink, such as after: cosmos.",
    ],
  },
  "after with no other sink": {
    yaml: `${SOURCES}${GOLD}sinks:\n  tell: { kind: notify, after: cosmos }\n`,
    told: [
      "6 sinks.tell.after: cosmos is not among the sinks. Leave after out.",
    ],
  },
  "tables as a word, and a table named like what every object has": {
    yaml: `${SOURCES}${GOLD}sinks:\n  a: { kind: cosmos, tables: t }\n  b: { kind: notify, tables: [1] }\n`,
    told: [
      "6 sinks.a.tables: 't' cannot stand here. Write gold tables, such as [a, b].",
      "7 sinks.b.tables.0: '1' cannot stand here. Write the name of a gold table.",
    ],
  },
  "a table that every object has by another right": {
    yaml: `${SOURCES}${GOLD}sinks:\n  a: { kind: cosmos, tables: [constructor] }\n`,
    told: [
      "6 sinks.a.tables: constructor is not among the gold tables. Write t.",
    ],
  },
  "what a setting of the app says": {
    yaml: `${SOURCES}${GOLD}sinks:\n  tell: { kind: notify, url: 'https://x', secret: y, header: z }\n`,
    told: [
      "6 sinks.tell.url: is an unknown key. Write it into the app's setting NOTIFY_P_TELL_URL instead, and remove it here.",
      "6 sinks.tell.secret: is an unknown key. Write it into the app's setting NOTIFY_P_TELL_SECRET instead, and remove it here.",
      "6 sinks.tell.header: is an unknown key. Write one of kind, tables, after.",
    ],
  },
  "a name with a capital, a dash, none": {
    yaml: `sources:\n  Readings: { hub: s, contract: contracts/c.schema.json }\n  "": { hub: u, contract: contracts/c.schema.json }\ngold:\n  monthly-stats: { key: [id] }\n`,
    told: ["2 sources.Readings", "3 sources.", "5 gold.monthly-stats"].map(
      (place) =>
        `${place}: is no name of a table, source or sink. Write lower-case letters, digits and underscores, 63 at most, a letter first.`,
    ),
  },
  "an event time that is no property, and lateness without one": {
    yaml: `sources:\n  a: { hub: a, contract: contracts/c.schema.json, event_time: at }\n  b: { hub: b, contract: contracts/c.schema.json, late_after: 1 day }\n${GOLD}`,
    told: [
      "2 sources.a.event_time: at is not among the properties of contracts/c.schema.json. Remove it.",
      "3 sources.b.late_after: is there without event_time. Write event_time with the property that says when the event happened, or leave late_after out.",
    ],
  },
  "nothing but a comment": {
    yaml: "# later\n",
    told: ["1 the file: has no value. Write sources and gold."],
  },
  "no sources": {
    yaml: `sources: {}\n${GOLD}`,
    told: [
      "1 sources: has no keys. Write at least one source, such as flights: { hub: flights, contract: contracts/flight.schema.json }.",
    ],
  },
};

const inForm: Readonly<
  Record<string, { readonly yaml: string; readonly told: readonly string[] }>
> = {
  tabs: {
    yaml: "sources:\n\ts:\n\t\thub: s\n\t\tcontract: c\ngold:\n\tt:\n",
    told: ["2 begins with a tab. Write spaces, in all of the file."],
  },
  "a key twice, twice": {
    yaml: `${SOURCES}${GOLD}gold:\n  u: { key: [a] }\nsources: {}\n`,
    told: [
      "5 the key gold is there twice. Remove one of the two.",
      "7 the key sources is there twice. Remove one of the two.",
    ],
  },
  "another column": {
    yaml: "sources:\n  a: 1\n b: 2\n",
    told: [
      "3 is not indented like the lines that it belongs to. Write keys that belong together at the same column, and close each bracket.",
    ],
  },
  "two colons": {
    yaml: "sources: a: b\n",
    told: [
      "1 has a second ': ' on one line. Write the inner key on a line of its own, or the value in quotes.",
    ],
  },
  "an open quote": {
    yaml: "sources: 'a\ngold: b\n",
    told: [
      "2 ends before a quote or bracket is closed, or lacks a ':' after a key. Write the closing quote or bracket, or the ':' with its value.",
    ],
  },
  "a character that YAML keeps": {
    yaml: "sources: @a\n",
    told: [
      "1 begins with a character that YAML keeps for itself. Write the value in quotes.",
    ],
  },
  "a tag": {
    yaml: "sources:\n  a: !env X\n",
    told: [
      "2 has a tag (!name) that nothing here reads. Write the value without it, or in quotes.",
    ],
  },
  "an alias of nothing": {
    yaml: "sources:\n  a: *x\n",
    told: [
      "2 *x names an anchor that is not there. Write the value itself, or in quotes.",
    ],
  },
  "an alias of what it is in": {
    yaml: "sources: &x\n  a: *x\n",
    told: [
      "2 *x names what it is a part of. Write the value itself, or in quotes.",
    ],
  },
  "two documents": {
    yaml: "sources: {}\n---\ngold: {}\n",
    told: [
      "2 is the second document of the file. Write one, without the line ---.",
    ],
  },
  nothing: {
    yaml: " \n\n",
    told: ["1 the file is empty. Write its content, or remove it."],
  },
  "numbers that a double rounds": {
    yaml: "sources:\n  a: 9007199254740993\n  b: 9007199254740992\n  c: -12345678901234567.89\n  d: .inf\n  e: 1.50e2\n  f: 1e400\n",
    told: [
      "2 the number 9007199254740993 cannot be held exactly by a double. Write a number that one holds, such as 9007199254740992.",
      "4 the number -12345678901234567.89 cannot be held exactly by a double. Write a number that one holds, such as -12345678901234568.",
      "5 the number .inf cannot be held exactly by a double. Write a finite number.",
      "7 the number 1e400 cannot be held exactly by a double. Write a finite number.",
    ],
  },
};

test.each(Object.entries({ ...inYaml, ...inForm }))(
  "an author reads at its line what to write for %s",
  (_, { yaml, told }) => {
    aPipeline(yaml);
    for (const table of ["u", "v", "w", "x"])
      write(`p/gold/${table}.sql`, "SELECT id FROM silver.s");
    const found = mistakes().filter((each) =>
      each.startsWith("p/pipeline.yaml:"),
    );
    expect(found).toEqual(told.map((each) => `p/pipeline.yaml:${each}`));
  },
);

test("each mistake says what is wrong, and then in a whole sentence what to write", () => {
  for (const { told } of Object.values({ ...inYaml, ...inForm }))
    for (const each of told)
      expect(each).toMatch(
        /[^.:] ?.*[.] (Write|Did you mean|Remove|Leave|Add|Save|Name|Move) .*[.?]$/,
      );
});

test("a JSON file may be indented by tabs, and what is no JSON is told without YAML's words", () => {
  aPipeline(SOURCES + GOLD);
  write("p/contracts/c.schema.json", '{\n\t"properties": {}\n}\n');
  expect(mistakes()).toEqual([]);
  write(
    "p/contracts/c.schema.json",
    '{\n  "type": "object"\n  "properties": 2\n}',
  );
  const instead =
    "cannot be read as JSON from here on. Write a comma between two values, and close each quote and bracket.";
  expect(mistakes()).toEqual([`p/contracts/c.schema.json:3 ${instead}`]);
  write("p/contracts/c.schema.json", '{\n  "properties": {\n');
  expect(mistakes()).toEqual([`p/contracts/c.schema.json:2 ${instead}`]);
  write("p/contracts/c.schema.json", "");
  expect(mistakes()).toEqual([
    "p/contracts/c.schema.json:1 the file is empty. Write its content, or remove it.",
  ]);
});

test.each([
  ["a comma behind the last value", '{\n  "properties": {},\n}\n', 3],
  ["a comment of YAML", '{\n  "properties": {} # all\n}\n', 2],
  ["a key without quotes", "{\n  properties: {}\n}\n", 2],
  ["single quotes", "{ 'properties': {} }\n", 1],
])("a contract is JSON, though YAML reads %s", (_, text, line) => {
  aPipeline(SOURCES + GOLD);
  write("p/contracts/c.schema.json", text);
  expect(mistakes()).toEqual([
    `p/contracts/c.schema.json:${line} is YAML, and no JSON. Write keys and texts in double quotes, no comment (a $comment is one), and no comma before a closing bracket.`,
  ]);
});

test("a bound of a contract that JSON's numbers would round is refused", () => {
  aPipeline(SOURCES + GOLD);
  write(
    "p/contracts/c.schema.json",
    '{\n  "properties": {\n    "id": { "type": "integer",\n      "maximum": 9223372036854775807 }\n  }\n}\n',
  );
  expect(mistakes()).toEqual([
    "p/contracts/c.schema.json:4 the number 9223372036854775807 cannot be held exactly by a double. Write a number that one holds, such as 9223372036854776000.",
  ]);
});

test("a byte order mark is left out, and what is not UTF-8 is told at its line", () => {
  aPipeline(`\ufeff${SOURCES}${GOLD}`);
  write("p/gold/t.sql", "\ufeffSELECT id FROM silver.s");
  expect(mistakes()).toEqual([]);
  expect(readPipeline(dir, "p").sql.get("t")?.text).toBe(
    "SELECT id FROM silver.s",
  );
  write(
    "p/gold/t.sql",
    Buffer.from("SELECT id\nFROM silver.s -- für", "latin1"),
  );
  expect(mistakes()).toEqual([
    "p/gold/t.sql:2 has a byte that is not UTF-8, as Latin-1 and Windows-1252 write them. Save the file as UTF-8.",
  ]);
  write("p/gold/t.sql", Buffer.from("\ufeffSELECT id", "utf16le"));
  write("p/contracts/c.schema.json", "{}\n\0");
  expect(mistakes()).toEqual([
    "p/contracts/c.schema.json:2 has a character NUL, which no text has. Save the file as UTF-8.",
    "p/gold/t.sql:1 is encoded as UTF-16. Save the file as UTF-8.",
  ]);
});

test("what nobody reads is told", () => {
  aPipeline(SOURCES + GOLD);
  for (const file of [
    "gold/monthly.py",
    "gold/old.sql",
    "contracts/old.schema.json",
    "golds/x.sql",
    "x.sql",
    "README.md",
    ".editor/x.sql",
    "data/x.csv",
  ])
    write(`p/${file}`, "SELECT 1 AS id");
  write("weather.yaml", SOURCES);
  expect(mistakes()).toEqual([
    "weather.yaml:1 is in no pipeline's folder. Move it to pipelines/<name>/pipeline.yaml or the like, or remove it.",
    "p/golds:1 is not read. Did you mean gold?",
    "p/x.sql:1 is not read. Move it into gold/ or contracts/, or remove it.",
    "p/gold/monthly.py:1 is not read: gold tables are SQL. Write a SELECT into a file <table>.sql, or remove the file.",
    "p/gold/old.sql:1 is not among the gold tables of pipeline.yaml. Add old with its key there, or remove the file.",
    "p/contracts/old.schema.json:1 is the contract of no source. Write contract: contracts/old.schema.json in a source of pipeline.yaml, or remove the file.",
  ]);
});

test("a pipeline whose file or folder has another name is told so", () => {
  write("p/pipeline.yml", SOURCES);
  write("Q-1/pipeline.yaml", `${SOURCES}gold: {}\n`);
  write("Q-1/contracts/c.schema.json", "{}");
  write("r/notes.md", "later");
  expect(mistakes()).toEqual([
    "Q-1/pipeline.yaml:1 the folder's name Q-1 is no name of a pipeline. Write lower-case letters, digits and underscores, 63 at most, a letter first.",
    "p/pipeline.yml:1 has a name that nobody reads. Name it pipeline.yaml.",
    "r/pipeline.yaml:1 is missing. Write it with the pipeline's sources and gold, or remove the folder.",
  ]);
});

test("a setting of one sink is not that of another, and steps into no section", () => {
  const sinks = (name: string): string =>
    `${SOURCES}${GOLD}sinks:\n  ${name}: { kind: notify }\n`;
  aPipeline(sinks("b_c"), "a");
  aPipeline(sinks("c"), "a_b");
  expect(mistakes()).toEqual([
    "a_b/pipeline.yaml:6 sinks.c: its setting NOTIFY_A_B_C_URL is that of the sink a.b_c too. Write another name.",
  ]);
  for (const [pipeline, sink] of [
    ["a", "b__c"],
    ["a_", "b"],
    ["a", "b_"],
  ] as const) {
    rmSync(join(dir, "pipelines"), { recursive: true });
    aPipeline(sinks(sink), pipeline);
    const setting = `NOTIFY_${pipeline}_${sink}_URL`.toUpperCase();
    expect(mistakes()).toEqual([
      `${pipeline}/pipeline.yaml:6 sinks.${sink}: its setting would be ${setting}, and the host keeps __ for sections. Write names of the pipeline and the sink without __ and without _ at the end.`,
    ]);
  }
});
