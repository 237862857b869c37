import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { refusalOf, startLake, type LocalLake } from "../../support/lake.ts";

let lake: LocalLake;
let container: ContainerClient;

beforeAll(async () => {
  lake = await startLake();
  container = lake.blobsAsApp.getContainerClient("lake");
});
afterAll(() => lake.stop());

const put = (
  name: string,
  body: string | Buffer,
  options = {},
): Promise<{ etag?: string }> =>
  container
    .getBlockBlobClient(name)
    .upload(body, Buffer.byteLength(body), options);

const read = async (name: string): Promise<string> =>
  (await container.getBlobClient(name).downloadToBuffer()).toString();

async function collect(
  stream: NodeJS.ReadableStream | undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

test("a blob is put with its metadata and content type, and read back", async () => {
  const client = container.getBlockBlobClient("a/first.json");
  const made = await client.upload("{}", 2, {
    metadata: { sha256: "ab", Count: "3" },
    blobHTTPHeaders: { blobContentType: "application/json" },
  });
  const properties = await client.getProperties();
  expect(properties).toMatchObject({
    contentLength: 2,
    contentType: "application/json",
    metadata: { sha256: "ab", count: "3" },
    etag: made.etag,
  });
  expect(await read("a/first.json")).toBe("{}");
  expect(readFileSync(join(lake.stateDir, "lake/a/first.json"), "utf8")).toBe(
    "{}",
  );
});

test.each([
  "with space.txt",
  "ümlaut/日本語.txt",
  "percent%41%2F.txt",
  "plus+and&and=and#and?.txt",
  "quote'\"<>.txt",
])("the name %s is kept", async (name) => {
  await put(`names/${name}`, name);
  expect(await read(`names/${name}`)).toBe(name);
  expect(readFileSync(join(lake.stateDir, "lake/names", name), "utf8")).toBe(
    name,
  );
  const listed: string[] = [];
  for await (const blob of container.listBlobsFlat({ prefix: `names/${name}` }))
    listed.push(blob.name);
  expect(listed).toContain(`names/${name}`);
});

test("create-once refuses the second writer and keeps the first content", async () => {
  const once = { conditions: { ifNoneMatch: "*" } };
  await put("once.txt", "first", once);
  expect(await refusalOf(put("once.txt", "second", once))).toEqual({
    status: 409,
    code: "BlobAlreadyExists",
  });
  expect(await read("once.txt")).toBe("first");
});

test("of fifty writers that create the same blob at once, one wins whole", async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, writer) =>
      put("race.bin", Buffer.alloc(100_000, writer), {
        conditions: { ifNoneMatch: "*" },
        metadata: { writer: String(writer) },
      }),
    ),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(
    1,
  );
  const client = container.getBlobClient("race.bin");
  const bytes = await client.downloadToBuffer();
  const { metadata } = await client.getProperties();
  expect(bytes.every((byte) => byte === Number(metadata?.["writer"]))).toBe(
    true,
  );
  expect(outcomes[Number(metadata?.["writer"])]?.status).toBe("fulfilled");
});

test("a conditional overwrite succeeds once per ETag", async () => {
  const { etag = "" } = await put("versions.txt", "1");
  const conditions = { ifMatch: etag };
  const writes = await Promise.allSettled(
    ["a", "b", "c"].map((body) => put("versions.txt", body, { conditions })),
  );
  expect(writes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await refusalOf(put("versions.txt", "d", { conditions }))).toEqual({
    status: 412,
    code: "ConditionNotMet",
  });
  expect(
    await refusalOf(put("absent.txt", "d", { conditions: { ifMatch: "*" } })),
  ).toEqual({ status: 412, code: "ConditionNotMet" });
});

test("ranges, unchanged reads and wrong ETags are answered as Azure does", async () => {
  const { etag = "" } = await put("range.txt", "0123456789");
  const client = container.getBlobClient("range.txt");
  expect((await client.downloadToBuffer(3, 4)).toString()).toBe("3456");
  expect((await client.downloadToBuffer(8)).toString()).toBe("89");
  expect(await refusalOf(client.download(10, 1))).toMatchObject({
    status: 416,
    code: "InvalidRange",
  });
  expect(
    await refusalOf(
      client.download(0, undefined, { conditions: { ifNoneMatch: etag } }),
    ),
  ).toMatchObject({ status: 304 });
  expect(
    await refusalOf(client.getProperties({ conditions: { ifMatch: '"0x1"' } })),
  ).toMatchObject({ status: 412 });
});

test("an MD5 that does not match is refused and nothing is kept", async () => {
  const body = Buffer.from("content");
  const wrong = { transactionalContentMD5: Buffer.alloc(16) };
  expect(await refusalOf(put("md5.txt", body, wrong))).toEqual({
    status: 400,
    code: "Md5Mismatch",
  });
  expect(await container.getBlobClient("md5.txt").exists()).toBe(false);
});

test("setting metadata gives a new ETag and keeps content and content type", async () => {
  const { etag } = await put("meta.txt", "x", {
    blobHTTPHeaders: { blobContentType: "text/plain" },
    metadata: { a: "1" },
  });
  const client = container.getBlobClient("meta.txt");
  await client.setMetadata({ b: "2" });
  const properties = await client.getProperties();
  expect(properties.metadata).toEqual({ b: "2" });
  expect(properties.contentType).toBe("text/plain");
  expect(properties.etag).not.toBe(etag);
});

test("a large blob is uploaded in blocks and read back the same", async () => {
  const bytes = randomBytes(9_000_000);
  const client = container.getBlockBlobClient("large.bin");
  await client.uploadData(bytes, {
    blockSize: 1_000_000,
    maxSingleShotSize: 1_000_000,
    concurrency: 4,
    metadata: { parts: "9" },
  });
  expect((await client.downloadToBuffer()).equals(bytes)).toBe(true);
  expect((await client.getProperties()).metadata).toEqual({ parts: "9" });
  const list = await client.getBlockList("all");
  expect(list.committedBlocks).toHaveLength(9);
  expect(list.uncommittedBlocks ?? []).toHaveLength(0);
});

test("a large blob and a range of it are read as streams, which a writer's new version does not disturb", async () => {
  const bytes = randomBytes(9_000_000);
  const client = container.getBlockBlobClient("streamed.bin");
  await client.uploadData(bytes);
  const from = 100_000;
  const count = 6_000_000;
  const whole = await client.download();
  const part = await client.download(from, count);
  expect(part).toMatchObject({
    contentLength: count,
    contentRange: `bytes ${from}-${from + count - 1}/${bytes.length}`,
  });
  await client.upload("new", 3);
  expect((await collect(whole.readableStreamBody)).equals(bytes)).toBe(true);
  const wanted = bytes.subarray(from, from + count);
  expect((await collect(part.readableStreamBody)).equals(wanted)).toBe(true);
  expect(await read("streamed.bin")).toBe("new");
});

test("a stream that nobody reads to its end holds nothing up", async () => {
  const bytes = randomBytes(9_000_000);
  const client = container.getBlockBlobClient("left.bin");
  await client.uploadData(bytes);
  const abort = new AbortController();
  const left = await client.download(0, undefined, {
    abortSignal: abort.signal,
  });
  abort.abort();
  await expect(collect(left.readableStreamBody)).rejects.toThrow("aborted");
  expect((await client.downloadToBuffer()).equals(bytes)).toBe(true);
});

test("a block list can reuse committed blocks and refuses unknown ones", async () => {
  const client = container.getBlockBlobClient("blocks.txt");
  const id = (name: string): string => Buffer.from(name).toString("base64");
  for (const name of ["aa", "bb"]) await client.stageBlock(id(name), name, 2);
  expect(await client.exists()).toBe(false);
  await client.commitBlockList([id("aa"), id("bb")]);
  await client.stageBlock(id("cc"), "cc", 2);
  await client.commitBlockList([id("cc"), id("aa")]);
  expect(await read("blocks.txt")).toBe("ccaa");
  expect(await refusalOf(client.commitBlockList([id("zz")]))).toEqual({
    status: 400,
    code: "InvalidBlockList",
  });
});

test("a folder is listed by prefix, with delimiter, in pages, with metadata", async () => {
  for (const name of [
    "b.txt",
    "a.txt",
    "a-b.txt",
    "a/x.txt",
    "a/y.txt",
    "c/z.txt",
  ])
    await put(`list/${name}`, name, { metadata: { name: "n" } });
  const flat: string[] = [];
  for await (const page of container
    .listBlobsFlat({ prefix: "list/", includeMetadata: true })
    .byPage({ maxPageSize: 2 })) {
    expect(page.segment.blobItems.length).toBeLessThanOrEqual(2);
    for (const blob of page.segment.blobItems)
      flat.push(
        blob.metadata?.["hdi_isfolder"] === "true"
          ? `${blob.name}/`
          : blob.name,
      );
  }
  expect(flat).toEqual(
    [
      "a-b.txt",
      "a.txt",
      "a/",
      "a/x.txt",
      "a/y.txt",
      "b.txt",
      "c/",
      "c/z.txt",
    ].map((name) => `list/${name}`),
  );
  const level: string[] = [];
  for await (const item of container.listBlobsByHierarchy("/", {
    prefix: "list/",
  }))
    level.push(item.name);
  expect(level.sort()).toEqual(
    ["a-b.txt", "a.txt", "a/", "b.txt", "c/"].map((name) => `list/${name}`),
  );
  const some: string[] = [];
  for await (const item of container.listBlobsFlat({ prefix: "list/a." }))
    some.push(item.name);
  expect(some).toEqual(["list/a.txt"]);
});

test("what others write into the directory is served with a stable ETag and without stale metadata", async () => {
  const file = join(lake.stateDir, "lake/direct/part.parquet");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "one");
  const client = container.getBlockBlobClient("direct/part.parquet");
  const first = await client.getProperties();
  expect((await client.getProperties()).etag).toBe(first.etag);
  await client.setMetadata({ seen: "yes" });
  expect((await client.getProperties()).metadata).toEqual({ seen: "yes" });
  appendFileSync(file, "two");
  const grown = await client.getProperties();
  expect(grown.metadata).toEqual({});
  expect(grown.etag).not.toBe(first.etag);
  await client.upload("ours", 4, { metadata: { by: "us" } });
  writeFileSync(`${file}.new`, "ours");
  renameSync(`${file}.new`, file);
  const replaced = await client.getProperties();
  expect(replaced.metadata).toEqual({});
});

test("deleting takes a blob once, and not a directory with content", async () => {
  await put("gone/x.txt", "x");
  expect(await refusalOf(container.deleteBlob("gone"))).toEqual({
    status: 409,
    code: "DirectoryIsNotEmpty",
  });
  await container.deleteBlob("gone/x.txt");
  expect(await refusalOf(container.deleteBlob("gone/x.txt"))).toEqual({
    status: 404,
    code: "BlobNotFound",
  });
  expect(
    (await container.getBlobClient("gone/x.txt").deleteIfExists()).succeeded,
  ).toBe(false);
});

test("containers are made, listed and deleted", async () => {
  const other = lake.blobs.getContainerClient("other-one");
  expect(await other.exists()).toBe(false);
  await other.create();
  expect((await other.createIfNotExists()).succeeded).toBe(false);
  await other.getBlockBlobClient("x").upload("x", 1);
  const names: string[] = [];
  for await (const { name } of lake.blobs.listContainers()) names.push(name);
  expect(names).toEqual(["lake", "other-one"]);
  await other.delete();
  expect(await other.exists()).toBe(false);
  expect(await refusalOf(other.getBlockBlobClient("x").upload("x", 1))).toEqual(
    { status: 404, code: "ContainerNotFound" },
  );
});

test("a copy, a lease and a tier are refused by name", async () => {
  await put("plain.txt", "x");
  const client = container.getBlobClient("plain.txt");
  const refused = { status: 501, code: "NotImplemented" };
  expect(
    await refusalOf(
      container.getBlobClient("copy").syncCopyFromURL(client.url),
    ),
  ).toEqual(refused);
  expect(await refusalOf(client.getBlobLeaseClient().acquireLease(15))).toEqual(
    refused,
  );
  expect(await refusalOf(client.setAccessTier("Cool"))).toEqual(refused);
});
