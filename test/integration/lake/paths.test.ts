import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { DataLakeFileSystemClient } from "@azure/storage-file-datalake";
import { refusalOf, startLake, type LocalLake } from "../../support/lake.ts";

let lake: LocalLake;
let files: DataLakeFileSystemClient;

beforeAll(async () => {
  lake = await startLake();
  files = lake.filesAsApp.getFileSystemClient("lake");
});
afterAll(() => lake.stop());

const upload = async (path: string, body = path): Promise<string> => {
  await files.getFileClient(path).upload(Buffer.from(body));
  return (await files.getFileClient(path).getProperties()).etag ?? "";
};
const read = async (path: string): Promise<string> =>
  (await files.getFileClient(path).readToBuffer()).toString();
const exists = (path: string): Promise<boolean> =>
  files.getFileClient(path).exists();

test("a file is created, appended to, flushed and appended to again", async () => {
  const file = files.getFileClient("append/e.json");
  await file.create({
    metadata: { a: "b" },
    pathHttpHeaders: { contentType: "application/json" },
  });
  await file.append(" world", 5, 6);
  await file.append("hello", 0, 5);
  expect(await read("append/e.json")).toBe("");
  await file.flush(11);
  expect(await read("append/e.json")).toBe("hello world");
  await file.append("!!", 11, 2);
  await file.flush(13);
  expect(await read("append/e.json")).toBe("hello world!!");
  expect(await file.getProperties()).toMatchObject({
    metadata: { a: "b" },
    contentType: "application/json",
    contentLength: 13,
  });
});

test("a flush beyond or across a hole is refused", async () => {
  const file = files.getFileClient("hole.txt");
  await file.create();
  await file.append("zz", 4, 2);
  const refused = { status: 400, code: "InvalidFlushPosition" };
  expect(await refusalOf(file.flush(6))).toEqual(refused);
  expect(await refusalOf(file.flush(99))).toEqual(refused);
});

test("large uploads and streams arrive whole though their parts arrive in any order", async () => {
  const bytes = randomBytes(5_000_000);
  const file = files.getFileClient("big.bin");
  await file.upload(bytes, {
    chunkSize: 500_000,
    singleUploadThreshold: 1,
    maxConcurrency: 4,
  });
  expect((await file.readToBuffer()).equals(bytes)).toBe(true);
  const stream = files.getFileClient("stream.txt");
  await stream.uploadStream(
    Readable.from([Buffer.from("ab"), Buffer.from("cd")]),
  );
  expect(await read("stream.txt")).toBe("abcd");
});

test("creating with a condition refuses what exists", async () => {
  const file = files.getFileClient("exists.txt");
  expect((await file.createIfNotExists()).succeeded).toBe(true);
  expect((await file.createIfNotExists()).succeeded).toBe(false);
  expect(
    await refusalOf(file.create({ conditions: { ifNoneMatch: "*" } })),
  ).toEqual({ status: 409, code: "PathAlreadyExists" });
  const directory = files.getDirectoryClient("made/deep");
  expect((await directory.createIfNotExists()).succeeded).toBe(true);
  expect((await directory.createIfNotExists()).succeeded).toBe(false);
  expect((await directory.getProperties()).metadata).toEqual({
    hdi_isfolder: "true",
  });
});

test("a rename keeps content, metadata and ETag, and needs the new parent", async () => {
  const file = files.getFileClient("landing/x y.csv");
  await file.upload(Buffer.from("1"), { metadata: { k: "v" } });
  const { etag } = await file.getProperties();
  const target = "bronze/files/x y.csv";
  expect(await refusalOf(file.move(target))).toEqual({
    status: 404,
    code: "RenameDestinationParentPathNotFound",
  });
  await files.getDirectoryClient("bronze/files").create();
  await file.move(target);
  expect(await file.exists()).toBe(false);
  expect(await files.getFileClient(target).getProperties()).toMatchObject({
    etag,
    metadata: { k: "v" },
  });
  expect(await refusalOf(file.move(target))).toEqual({
    status: 404,
    code: "SourcePathNotFound",
  });
});

test("a rename asks for the ETag that it was told of", async () => {
  const old = await upload("landing/claimed.csv", "old");
  await upload("landing/claimed.csv", "new");
  const file = files.getFileClient("landing/claimed.csv");
  expect(
    await refusalOf(
      file.move("landing/a.csv", { conditions: { ifMatch: old } }),
    ),
  ).toEqual({ status: 412, code: "SourceConditionNotMet" });
  const { etag = "" } = await file.getProperties();
  await file.move("landing/a.csv", { conditions: { ifMatch: etag } });
  expect(await read("landing/a.csv")).toBe("new");
});

test("of two claimers that rename one file, one wins", async () => {
  await files.getDirectoryClient("claims").create();
  for (let round = 0; round < 20; round++) {
    const etag = await upload(`landing/${round}.csv`);
    const conditions = { ifMatch: etag };
    const claims = await Promise.allSettled(
      ["a", "b"].map((who) =>
        files
          .getFileClient(`landing/${round}.csv`)
          .move(`claims/${round}-${who}.csv`, { conditions }),
      ),
    );
    expect(claims.map(({ status }) => status).sort()).toEqual([
      "fulfilled",
      "rejected",
    ]);
    const found = await Promise.all(
      ["a", "b"].map((who) => exists(`claims/${round}-${who}.csv`)),
    );
    expect(found.sort()).toEqual([false, true]);
  }
});

test("of two files that are renamed to one name with a condition, one arrives", async () => {
  await upload("two/a");
  await upload("two/b");
  const moves = await Promise.allSettled(
    ["a", "b"].map((name) =>
      files.getFileClient(`two/${name}`).move("two/target", {
        destinationConditions: { ifNoneMatch: "*" },
      }),
    ),
  );
  expect(moves.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a directory is renamed with all that is in it, not into itself, not over a full one", async () => {
  await upload("tree/deep/leaf.txt");
  const tree = files.getDirectoryClient("tree");
  expect(await refusalOf(tree.move("tree/deep/inside"))).toEqual({
    status: 409,
    code: "InvalidRenameSourcePath",
  });
  await upload("full/x");
  expect(await refusalOf(tree.move("full"))).toEqual({
    status: 409,
    code: "DirectoryNotEmpty",
  });
  await tree.move("wood");
  expect(await read("wood/deep/leaf.txt")).toBe("tree/deep/leaf.txt");
});

test("paths are listed level by level or deep, in pages, with what HEAD says", async () => {
  for (const name of ["b", "a/x", "a/y", "c/d/e"])
    await upload(`paths/${name}`);
  const listed = async (recursive: boolean): Promise<string[]> => {
    const names: string[] = [];
    for await (const page of files
      .listPaths({ path: "paths", recursive })
      .byPage({ maxPageSize: 2 }))
      for (const { name = "", isDirectory } of page.pathItems ?? [])
        names.push(name.slice("paths/".length) + (isDirectory ? "/" : ""));
    return names;
  };
  expect(await listed(false)).toEqual(["a/", "b", "c/"]);
  expect(await listed(true)).toEqual([
    "a/",
    "a/x",
    "a/y",
    "b",
    "c/",
    "c/d/",
    "c/d/e",
  ]);
  const first = await files.listPaths({ path: "paths/a" }).next();
  const head = await files.getFileClient("paths/a/x").getProperties();
  expect(first.value).toMatchObject({
    contentLength: 9,
    etag: head.etag?.replaceAll('"', ""),
  });
  expect(await refusalOf(files.listPaths({ path: "absent" }).next())).toEqual({
    status: 404,
    code: "PathNotFound",
  });
});

test("files of tools in the directory are neither listed nor served nor taken", async () => {
  const dir = join(lake.stateDir, "lake/tools");
  mkdirSync(join(dir, ".hidden"), { recursive: true });
  for (const name of [".part-0.crc", ".hidden/x", "seen"])
    writeFileSync(join(dir, name), "x");
  const names: string[] = [];
  for await (const { name } of files.listPaths({
    path: "tools",
    recursive: true,
  }))
    names.push(name ?? "");
  expect(names).toEqual(["tools/seen"]);
  expect(await exists("tools/.part-0.crc")).toBe(false);
  expect(await exists("tools/.hidden/x")).toBe(false);
  expect(
    await refusalOf(files.getFileClient("tools/.new").create()),
  ).toMatchObject({ status: 400, code: "InvalidResourceName" });
});

test("a person's file is claimed by the ETag of a list, until it changes", async () => {
  const file = join(lake.stateDir, "lake/landing/dropped.csv");
  writeFileSync(file, "1");
  const { etag = "" } = await files
    .getFileClient("landing/dropped.csv")
    .getProperties();
  writeFileSync(`${file}.swp`, "2");
  renameSync(`${file}.swp`, file);
  const claim = files.getFileClient("landing/dropped.csv");
  expect(
    await refusalOf(claim.move("landing/c", { conditions: { ifMatch: etag } })),
  ).toMatchObject({ status: 412 });
});

test("a directory with content is deleted only when asked for recursively", async () => {
  await upload("remove/deep/x");
  const directory = files.getDirectoryClient("remove");
  expect(await refusalOf(directory.delete(false))).toEqual({
    status: 409,
    code: "DirectoryNotEmpty",
  });
  await directory.delete(true);
  expect(await exists("remove/deep/x")).toBe(false);
  expect((await directory.deleteIfExists(true)).succeeded).toBe(false);
});

test("a recursive delete takes a folder with all its files and subfolders, and nothing beside it", async () => {
  const folder = "batches/0000000007";
  const parts = Array.from({ length: 30 }, (_, part) => `part-${part}.json`);
  await Promise.all(
    ["work/1-aa/changes/t", "work/1-aa/snapshots/t", "attempts"].flatMap(
      (below) => parts.map((part) => upload(`${folder}/${below}/${part}`)),
    ),
  );
  await upload("batches/00000000070/manifest.json");
  await files.getDirectoryClient(`${folder}/work`).delete(true);
  expect(await exists(`${folder}/work`)).toBe(false);
  expect(await exists(`${folder}/attempts/part-29.json`)).toBe(true);
  await files.getDirectoryClient(folder).delete(true);
  const left: string[] = [];
  for await (const { name = "" } of files.listPaths({
    path: "batches",
    recursive: true,
  }))
    left.push(name);
  expect(left).toEqual([
    "batches/00000000070",
    "batches/00000000070/manifest.json",
  ]);
  expect(
    await refusalOf(files.getDirectoryClient(folder).delete(true)),
  ).toMatchObject({ status: 404, code: "PathNotFound" });
  // The name is free: a folder of it begins empty, with no properties of the one before.
  await upload(`${folder}/attempts/part-29.json`, "again");
  expect(await read(`${folder}/attempts/part-29.json`)).toBe("again");
});

test("a range of a file is read", async () => {
  await upload("ranged.txt", "0123456789");
  const file = files.getFileClient("ranged.txt");
  expect((await file.readToBuffer(2, 3)).toString()).toBe("234");
  expect(await file.read(8)).toMatchObject({
    contentLength: 2,
    contentRange: "bytes 8-9/10",
  });
});

test("metadata and headers are set, access control is refused by name", async () => {
  await upload("props.txt");
  const file = files.getFileClient("props.txt");
  await file.setMetadata({ z: "1" });
  await file.setHttpHeaders({ contentType: "text/csv" });
  expect(await file.getProperties()).toMatchObject({
    metadata: { z: "1" },
    contentType: "text/csv",
  });
  expect(await refusalOf(file.getAccessControl())).toMatchObject({
    status: 501,
  });
});

test("a file in the way of a directory is a conflict", async () => {
  await upload("way");
  expect(await refusalOf(files.getFileClient("way/below").create())).toEqual({
    status: 409,
    code: "PathConflict",
  });
});

test("a folder of parts goes in one recursive delete, and one of the same name starts empty", async () => {
  for (const part of ["a/part-0.json", "a/part-1.json", "b/part-0.json"])
    await upload(`work/1-0a/changes/${part}`);
  await files.getDirectoryClient("work/1-0a").delete(true);
  expect(await exists("work/1-0a/changes/a/part-0.json")).toBe(false);
  await upload("work/1-0a/report.json");
  const names: string[] = [];
  for await (const { name } of files.listPaths({
    path: "work",
    recursive: true,
  }))
    names.push(name ?? "");
  expect(names).toEqual(["work/1-0a", "work/1-0a/report.json"]);
});

test("a file is read by ranges through the Data Lake client, too", async () => {
  const file = files.getFileClient("ranges/part-0.json");
  await file.upload(Buffer.from("0123456789"), { close: true });
  expect((await file.readToBuffer(3, 4)).toString()).toBe("3456");
  expect((await file.readToBuffer(8)).toString()).toBe("89");
  expect(await refusalOf(file.read(10, 1))).toMatchObject({ status: 416 });
});
