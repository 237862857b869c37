import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notes } from "../../../local/src/functionsHost/triggers/blob/notes.ts";
import {
  openStore,
  type Store,
} from "../../../local/src/functionsHost/hostDatabase.ts";

let store: Store;
beforeEach(() => {
  store = openStore(mkdtempSync(join(tmpdir(), "assay-notes-")));
});
afterEach(() => store.close());

const blob = (path: string) => ({ function: "read", path, etag: "1" });
const broken = { ...blob("broken"), etag: null as unknown as string };

test("of many notes only as many are read as can be started, those that wait longest first", () => {
  const list = notes(store);
  list.add(
    Array.from({ length: 100 }, (_, index) => blob(`blob${index}`)),
    1_000,
  );
  list.add([blob("earlier")], 999);
  expect(list.due(1_000, 3).map(({ path }) => path)).toEqual([
    "earlier",
    "blob0",
    "blob1",
  ]);
  expect(list.due(998, 3)).toEqual([]);
  expect(list.nextDue(999)).toBe(1_000);
});

test("what is due is found without reading what is not, and without sorting", () => {
  const plan = store
    .prepare(
      "EXPLAIN QUERY PLAN SELECT id FROM blob WHERE due <= 1 ORDER BY due, id LIMIT 1",
    )
    .all()
    .map(({ detail }) => String(detail));
  expect(plan).toEqual([expect.stringContaining("blobByDue")]);
});

test("events that cannot be noted leave nothing behind, and those after them are noted", () => {
  const list = notes(store);
  expect(() => list.add([blob("first"), broken], 0)).toThrow("NOT NULL");
  list.add([blob("second")], 0);
  expect(list.due(0, 10).map(({ path }) => path)).toEqual(["second"]);
});
