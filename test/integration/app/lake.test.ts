import type { Lake } from "../../../src/adapters/lake/index.ts";
import { lakeOver } from "../../../src/adapters/lake/operations.ts";
import { startLake, type LocalLake } from "../../support/lake.ts";
import { arrayOf } from "../../support/arrayOf.ts";

let server: LocalLake;
let lake: Lake;

beforeAll(async () => {
  server = await startLake();
  const { blobsAsApp, filesAsApp } = server;
  lake = lakeOver({
    blobs: () => Promise.resolve(blobsAsApp.getContainerClient("lake")),
    paths: () => Promise.resolve(filesAsApp.getFileSystemClient("lake")),
  });
});
afterAll(() => server.stop());

test("a path is created once, and its first content stays", async () => {
  expect(await lake.createOnce("a/one.json", "first", { count: "3" })).toBe(
    true,
  );
  expect(await lake.createOnce("a/one.json", "second")).toBe(false);
  expect(await lake.read("a/one.json")).toMatchObject({ text: "first" });
  expect(await lake.find("a/one.json")).toMatchObject({
    bytes: 5,
    metadata: { count: "3" },
    isCopying: false,
    isLeased: false,
  });
});

test("of many creators at once one wins", async () => {
  const won = await Promise.all(
    ["1", "2", "3", "4", "5"].map((text) => lake.createOnce("a/race", text)),
  );
  expect(won.filter(Boolean)).toHaveLength(1);
});

test("what is not there is undefined, and removing it is no error", async () => {
  expect(await lake.find("nowhere/x")).toBeUndefined();
  expect(await lake.read("nowhere/x")).toBeUndefined();
  expect(await lake.list("nowhere")).toEqual([]);
  expect(await lake.listFolders("nowhere")).toEqual([]);
  await lake.remove("nowhere/x");
});

test("a replacement on condition of an ETag loses against another", async () => {
  await lake.createOnce("a/two.json", "1");
  const { etag } = (await lake.read("a/two.json")) ?? { etag: "" };
  expect(await lake.replace("a/two.json", "2", etag)).toBe(true);
  expect(await lake.replace("a/two.json", "3", etag)).toBe(false);
  expect(await lake.replace("a/two.json", "4")).toBe(true);
  expect(await lake.read("a/two.json")).toMatchObject({ text: "4" });
});

test("a file is moved only with the ETag that was seen, into a folder that may not be there yet", async () => {
  const from = "landing/airports/über uns.csv";
  await lake.createOnce(from, "old");
  const { etag: old } = (await lake.find(from)) ?? { etag: "" };
  await lake.replace(from, "new");
  expect(await lake.move(from, "bronze/files/airports/1/x.csv", old)).toBe(
    false,
  );
  const { etag } = (await lake.find(from)) ?? { etag: "" };
  expect(await lake.move(from, "bronze/files/airports/2/x.csv", etag)).toBe(
    true,
  );
  expect(await lake.read("bronze/files/airports/2/x.csv")).toMatchObject({
    text: "new",
  });
  expect(await lake.find(from)).toBeUndefined();
  expect(await lake.move(from, "bronze/files/airports/3/x.csv", etag)).toBe(
    false,
  );
});

test("a listing has the files at every depth, and folders by their names", async () => {
  for (const path of ["tree/a/1", "tree/a/b/2", "tree/c/3"])
    await lake.createOnce(path, path);
  const found = await lake.list("tree");
  expect(found.map(({ path }) => path).sort()).toEqual([
    "tree/a/1",
    "tree/a/b/2",
    "tree/c/3",
  ]);
  const [first] = found;
  expect(first?.etag).toBe((await lake.find(first?.path ?? ""))?.etag);
  expect(Math.abs(Date.now() - (first?.modifiedAt ?? 0))).toBeLessThan(60_000);
  expect(await lake.listFolders("tree")).toEqual(["a", "c"]);
});

test("a listing begins where it is told to, and gives no more than it is asked for", async () => {
  const names = ["00000000/0", "00000000/1", "00000001/2", "00000001/3"];
  for (const name of names) await lake.createOnce(`some/p/${name}`, name);
  const some = async (most: number, from?: string) =>
    (await lake.listSome("some/p", most, from)).map(({ path }) =>
      path.slice("some/p/".length),
    );
  expect(await some(10)).toEqual(names);
  expect(await some(3)).toEqual(names.slice(0, 3));
  expect(await some(10, "00000000/1")).toEqual(names.slice(1));
  // Between two files, in a folder that is not there, and behind all of them.
  expect(await some(10, "00000000/10")).toEqual(names.slice(2));
  expect(await some(2, "000000005/9")).toEqual(names.slice(2));
  expect(await some(1, "00000001/3")).toEqual(names.slice(3));
  expect(await some(10, "00000002/")).toEqual([]);
  expect(await lake.listSome("nowhere", 10, "a")).toEqual([]);
});

test("a file is read line by line as it comes", async () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, index) => `{"n":${index},"text":"${"ä".repeat(50)}"}`,
  );
  await lake.createOnce("parts/one.json", `${lines.join("\n")}\n`);
  const read = await lake.readLines("parts/one.json");
  expect(read && (await arrayOf(read))).toEqual(lines);
  expect(await lake.readLines("parts/nowhere.json")).toBeUndefined();
});

test("a folder goes with all that is below it, and one that is not there is no error", async () => {
  for (const path of ["gone/a/1", "gone/a/b/2", "kept/3"])
    await lake.createOnce(path, path);
  await lake.removeFolder("gone");
  await lake.removeFolder("gone");
  expect(await lake.list("gone")).toEqual([]);
  expect(await lake.list("kept")).toHaveLength(1);
});
