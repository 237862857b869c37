import {
  bronzeEventsPath,
  partitionFolder,
} from "../../../src/domain/paths.ts";
import { FILES_A_PAGE, listBronze } from "../../../src/sources/bronzeFiles.ts";
import { arrayOf } from "../../support/arrayOf.ts";
import { memoryLake, type MemoryLake } from "../../support/app/memoryLake.ts";

const of = { stream: "hub/flights", generation: "g", partition: "0" };
const folder = partitionFolder(of);

/** Files of one event each, and what else lies there. */
function aLake(files: number, others: readonly string[] = []): MemoryLake {
  const lake = memoryLake(() => 7, false);
  for (let at = 0; at < files; at += 1)
    lake.drop(bronzeEventsPath(of, at, at), "");
  for (const name of others) lake.drop(`${folder}/${name}`, "");
  return lake;
}

const firsts = async (lake: MemoryLake, from = "") =>
  (await arrayOf(listBronze(lake, folder, from))).map(({ first }) => first);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

test.each([
  0,
  1,
  FILES_A_PAGE - 1,
  FILES_A_PAGE,
  FILES_A_PAGE + 1,
  2 * FILES_A_PAGE,
])("%i files are listed once each, page by page", async (files) => {
  const lake = aLake(files);
  expect(await firsts(lake)).toEqual(range(0, files));
  // A page begins with the last file of the one before, so that a full one is followed by another.
  const pages =
    files < FILES_A_PAGE
      ? 1
      : 1 + Math.ceil((files - FILES_A_PAGE + 1) / (FILES_A_PAGE - 1));
  expect(lake.counts.get("listSome")).toBe(pages);
});

test("the names of the first page begin where it is said, and the whole folder is listed without a name", async () => {
  const lake = aLake(5);
  const names: (string | undefined)[] = [];
  const listSome = lake.listSome.bind(lake);
  lake.listSome = (...parameters) => {
    names.push(parameters[2]);
    return listSome(...parameters);
  };
  const from = bronzeEventsPath(of, 2, 2).slice(folder.length + 1);
  expect(await firsts(lake, from)).toEqual([2, 3, 4]);
  await firsts(lake);
  expect(names).toEqual([from, undefined]);
});

test("a file of another name is none of ours", async () => {
  const lake = aLake(2, ["00000000/notes.txt", "zzz"]);
  expect(await firsts(lake)).toEqual([0, 1]);
  const empty = aLake(0, ["00000000/notes.txt"]);
  expect(await listBronze(empty, folder, "").peek()).toBeUndefined();
  expect(await firsts(empty)).toEqual([]);
});

test("the first file is looked at without another page", async () => {
  const lake = aLake(3);
  const files = listBronze(lake, folder, "");
  const first = { path: bronzeEventsPath(of, 0, 0), first: 0, last: 0 };
  expect(await files.peek()).toEqual({ ...first, landedAt: 7 });
  expect(await files.peek()).toEqual({ ...first, landedAt: 7 });
  expect(await arrayOf(files)).toHaveLength(3);
  expect(lake.counts.get("listSome")).toBe(1);
});
