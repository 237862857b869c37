import { sinkPaths } from "../../../src/domain/paths.ts";
import {
  countRefused,
  openRefused,
} from "../../../src/sinks/refusedDocuments.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const ref = { pipeline: "flights", sink: "cosmos" };
const folder = sinkPaths("flights", "cosmos").refused;
const A = ["ORD", "a"];

const aDocument = (key: readonly string[], batch = 1) => ({
  ...{ version: 3 as const, table: "routes", key: [...key], batch },
  ...{ status: 413, reason: "It is too large." },
});
const open = ({ lake }: World, refused: number, table = "routes") =>
  openRefused(lake, ref, table, refused);
const count = ({ lake }: World) => countRefused(lake, "flights", "cosmos");

test("a refused document is known by its key until one is accepted", async () => {
  const world = aWorld();
  await (await open(world, 0)).add(aDocument(A));
  await (await open(world, 0)).add(aDocument(A, 2));
  expect(await count(world)).toBe(1);
  const [path = ""] = world.lake.files.keys();
  expect(path).toMatch(new RegExp(`^${folder}/routes/[0-9a-f]{32}\\.json$`));
  expect(world.lake.json(path)).toEqual(aDocument(A, 2));
  const known = await open(world, 1);
  expect(known.has(A)).toBe(true);
  expect(known.has(["ORDa"])).toBe(false);
  expect(await known.clear(["ORD"])).toBe(false);
  expect(await known.clear(A)).toBe(true);
  expect(await known.clear(A)).toBe(false);
  expect(await count(world)).toBe(0);
});

test("nothing is listed where the head says that none is refused", async () => {
  const world = aWorld();
  await (await open(world, 0)).add(aDocument(A));
  const known = await open(world, 0);
  expect(known.has(A)).toBe(false);
  expect(await known.clear(A)).toBe(false);
  await known.clearBefore(9);
  expect(world.lake.counts.get("list")).toBeUndefined();
  expect(world.lake.counts.get("read")).toBeUndefined();
});

test("two tables, one whose name begins with the other's, have documents of their own", async () => {
  const world = aWorld();
  await (
    await open(world, 0, "route")
  ).add({ ...aDocument(A), table: "route" });
  expect((await open(world, 1)).has(A)).toBe(false);
  expect((await open(world, 1, "route")).has(A)).toBe(true);
});

test("a snapshot clears what was refused before it, and not what it refused itself", async () => {
  const world = aWorld();
  const known = await open(world, 0);
  for (const [key, batch] of [
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ] as const)
    await known.add(aDocument([key], batch));
  const before = await open(world, 3);
  // One is gone meanwhile.
  await (await open(world, 3)).clear(["a"]);
  await before.clearBefore(3);
  expect(await count(world)).toBe(1);
  expect((await open(world, 1)).has(["c"])).toBe(true);
});
