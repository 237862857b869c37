import { partsOwed } from "../../../src/domain/parts.ts";
import type { ProcessRecord } from "../../../src/domain/records.ts";

const aTable = (name: string) => ({
  key: ["id"],
  ...{ rows: 3, inserted: 3, updated: 0, deleted: 0 },
  refused: {},
  changes: [
    { path: `${name}/changes/0`, rows: 1 },
    { path: `${name}/changes/1`, rows: 2 },
  ],
  snapshot: [{ path: `${name}/snapshot/0`, rows: 3 }],
});

const process: ProcessRecord = {
  version: 3,
  pipeline: "p",
  incarnation: "i",
  batch: 1,
  definition: "d",
  sources: {},
  newestEventAt: {},
  tables: { a: aTable("a"), b: aTable("b"), c: aTable("c") },
  sinks: { s: { tables: { a: "changes", b: "snapshot", gone: "changes" } } },
};

const owedTo = (sink: string, ...tables: string[]) =>
  partsOwed(process, sink, { kind: "cosmos", tables, settings: {} });

test("a sink is owed the parts of its tables in the definition's order: changes of one, the snapshot of another", () => {
  expect(owedTo("s", "b", "a")).toEqual([
    { table: "b", path: "b/snapshot/0", rows: 3 },
    { table: "a", path: "a/changes/0", rows: 1 },
    { table: "a", path: "a/changes/1", rows: 2 },
  ]);
});

test("nothing is owed of a table that the batch does not name for the sink, or has not made", () => {
  expect(owedTo("s", "c")).toEqual([]);
  expect(owedTo("s", "gone")).toEqual([]);
  expect(owedTo("other", "a")).toEqual([]);
});
