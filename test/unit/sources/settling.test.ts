import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { isSettled } from "../../../src/domain/landing.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { landing } from "../../../src/sources/landing/index.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import { aWorld, START, type World } from "../../support/app/world.ts";

const PATH = "landing/airports/a.csv";
const DAY_MS = 86_400_000;

const pathsBelow = (world: World, folder: string): string[] =>
  [...world.lake.files.keys()].filter((path) => path.startsWith(folder));
const inBronze = (world: World) => pathsBelow(world, "bronze/");

/** As Event Grid tells of a file through the queue, and the host of a blob to its trigger. */
async function announce(
  world: World,
  api: string,
  path = PATH,
  eTag = world.lake.files.get(path)?.etag,
): Promise<readonly string[]> {
  const queued = landing
    .triggers(world.pipelines)
    .find(({ name }) => name === "claimQueued");
  const subject = `/blobServices/default/containers/lake/blobs/${path}`;
  const data =
    api.endsWith("Rename") || api === "RenameFile" ? { api } : { api, eTag };
  return queued?.take(world, { input: { subject, data }, metadata: {} }) ?? [];
}

async function trigger(
  world: World,
  eTag: string | undefined,
): Promise<readonly string[]> {
  const [blob] = landing
    .triggers(world.pipelines)
    .filter(({ name }) => name.startsWith("claimBlob"));
  const metadata = {
    blobTrigger: "lake/landing/airports/a.csv",
    properties: eTag === undefined ? null : { eTag: `"${eTag}"` },
  };
  return blob?.take(world, { input: Buffer.from("x"), metadata }) ?? [];
}

const etagOf = (world: World) => world.lake.files.get(PATH)?.etag;

test("a file that its writer has created and not flushed is left to the writer, by the sweep and by every trigger", async () => {
  const world = aWorld();
  // A writer appends for an hour: until its first flush the file is empty, and the time of its last change stands still.
  world.lake.drop(PATH, "", START - 3_600_000);
  await sweepOnce(world);
  await announce(world, "CreateFile");
  await announce(world, "FlushWithClose");
  await trigger(world, etagOf(world));
  await trigger(world, undefined);
  expect(pathsBelow(world, "landing/")).toEqual([PATH]);
  expect(inBronze(world)).toEqual([]);
  expect(pathsBelow(world, "_assay/pipelines/flights/files/")).toEqual([]);
  world.lake.drop(PATH, "iata\nORD\n");
  await announce(world, "FlushWithClose");
  expect(inBronze(world)).toHaveLength(1);
});

test("a file that its writer flushes now and then is taken when it stands still, whoever told of it", async () => {
  const world = aWorld();
  const { settleSeconds } = world.config.lake;
  world.lake.drop(PATH, "half");
  await announce(world, "FlushFile");
  expect(await trigger(world, etagOf(world))).toEqual(["flights"]);
  await sweepOnce(world);
  expect(inBronze(world)).toEqual([]);
  world.clock.now += settleSeconds * 1000 - 1;
  world.lake.drop(PATH, "half and half");
  world.clock.now += settleSeconds * 1000 - 1;
  await sweepOnce(world);
  expect(inBronze(world)).toEqual([]);
  world.clock.now += 1;
  await trigger(world, etagOf(world));
  expect(inBronze(world)).toHaveLength(1);
});

test("a blob that is another one than its trigger was given is left to its own announcement", async () => {
  const world = aWorld();
  world.lake.drop(PATH, "first", START - DAY_MS);
  const before = etagOf(world);
  world.lake.drop(PATH, "second", START - DAY_MS);
  await trigger(world, before);
  expect(inBronze(world)).toEqual([]);
  await trigger(world, etagOf(world));
  expect(inBronze(world)).toHaveLength(1);
});

test("a file that is copied or leased is not taken, however old it is", async () => {
  const world = aWorld();
  world.lake.drop(PATH, "half", START - DAY_MS);
  world.lake.leased.add(PATH);
  await announce(world, "PutBlob");
  await sweepOnce(world);
  expect(inBronze(world)).toEqual([]);
  world.lake.leased.delete(PATH);
  await sweepOnce(world);
  expect(inBronze(world)).toHaveLength(1);
});

test("a file that is closed is taken at once", async () => {
  for (const api of ["PutBlob", "PutBlockList", "FlushWithClose", "CopyBlob"]) {
    const world = aWorld();
    world.lake.drop(PATH, "iata");
    expect(await announce(world, api)).toEqual(["flights"]);
    expect(inBronze(world)).toHaveLength(1);
  }
});

test.each(["RenameFile", "SftpRename"])(
  "%s is announced without an ETag: a file that was moved is taken at once where it stood still, and else as soon as it does",
  async (api) => {
    const settleMs = aWorld().config.lake.settleSeconds * 1000;
    const world = aWorld();
    world.lake.drop(PATH, "iata", START - settleMs);
    expect(await announce(world, api)).toEqual(["flights"]);
    expect(inBronze(world)).toHaveLength(1);

    world.lake.drop(PATH, "iata", START - settleMs + 1);
    expect(await announce(world, api)).toEqual(["flights"]);
    expect(inBronze(world)).toHaveLength(1);
    world.clock.now += 1;
    await readPipelineStatus(world, { pipeline: "flights" });
    expect(inBronze(world)).toHaveLength(2);
  },
);

test("an announcement that comes again late, when another file of the same name is being written, does not take that one", async () => {
  for (const api of ["RenameFile", "SftpRename", "FlushWithClose"]) {
    const world = aWorld();
    world.lake.drop(PATH, "whole", START - DAY_MS);
    const etag = etagOf(world);
    await announce(world, api);
    expect(inBronze(world)).toHaveLength(1);
    world.lake.drop(PATH, "half");
    await announce(world, api, PATH, etag);
    expect(inBronze(world)).toHaveLength(1);
    expect(pathsBelow(world, "landing/")).toEqual([PATH]);
  }
});

test("what was announced too early is taken by the watcher as soon as it has settled", async () => {
  const world = aWorld();
  world.lake.drop(PATH, "iata");
  expect(await trigger(world, etagOf(world))).toEqual(["flights"]);
  const early = await readPipelineStatus(world, { pipeline: "flights" });
  expect(early).toMatchObject({ unclaimedFiles: 1, waiting: { files: 0 } });
  const decision = decide(early);
  expect(decision).toEqual({
    kind: "wait",
    seconds: world.config.lake.settleSeconds,
  });
  world.clock.now += world.config.lake.settleSeconds * 1000;
  const late = await readPipelineStatus(world, { pipeline: "flights" });
  expect(late).toMatchObject({ unclaimedFiles: 0, waiting: { files: 1 } });
});

test("an empty file replaces nothing: it is reported, and set aside after a day", async () => {
  const world = aWorld();
  world.lake.drop(PATH, "", START - DAY_MS + 1);
  await announce(world, "PutBlob");
  await sweepOnce(world);
  const report = () => world.lake.json("_assay/pipelines/flights/sweep.json");
  expect(report()).toMatchObject({
    files: [{ path: PATH, reason: expect.stringContaining("empty") as string }],
    setAside: 0,
  });
  expect(pathsBelow(world, "landing/")).toEqual([PATH]);
  world.clock.now += 1;
  await sweepOnce(world);
  expect(pathsBelow(world, "landing/")).toEqual([]);
  expect(pathsBelow(world, "bronze/")).toEqual([
    expect.stringMatching(/^bronze\/setAside\/airports\/[0-9a-f]{16}\/a\.csv$/),
  ]);
  expect(pathsBelow(world, "_assay/pipelines/flights/files/pending")).toEqual(
    [],
  );
  expect(report()).toMatchObject({
    files: [],
    setAside: 1,
    lastSetAside: { name: "a.csv", source: "airports" },
  });
});

test("an empty file is not settled, whatever its age", () => {
  const file = { bytes: 0, modifiedAt: START - DAY_MS };
  expect(isSettled(file, START, 1)).toBe(false);
  expect(isSettled({ ...file, bytes: 1 }, START, 1)).toBe(true);
});
