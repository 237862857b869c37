import { fileIdOf } from "../../../src/domain/identity.ts";
import {
  assignmentPath,
  landingPathOf,
  pendingPath,
  setAsidePath,
} from "../../../src/domain/paths.ts";
import type { Manifest, PendingFile } from "../../../src/domain/records.ts";
import {
  countClaims,
  readClaimedFiles,
  removeOrphanedClaims,
  reserveFiles,
  settlePlanned,
} from "../../../src/ledger/claims.ts";
import { putManifest } from "../../support/app/ended.ts";
import { aWorld, START, type World } from "../../support/app/world.ts";

const HALF_HOUR_MS = 30 * 60_000;
const ETAG = "0x1";

/** A claim whose file was moved, unless it is said otherwise. `modifiedAt`: when it was written. */
function putClaim(
  world: World,
  name: string,
  { isMoved = true, modifiedAt = START, folder = "airports" } = {},
): PendingFile {
  const id = fileIdOf(`landing/${folder}/${name}`, ETAG);
  const claim: PendingFile = {
    ...{ version: 3, id, pipeline: "flights", source: "airports", name },
    path: `bronze/files/${folder}/${id}/${name}`,
    ...{ etag: ETAG, bytes: 1, claimedAt: new Date(modifiedAt).toISOString() },
  };
  world.lake.drop(
    pendingPath("flights", id),
    JSON.stringify(claim),
    modifiedAt,
  );
  if (isMoved) world.lake.drop(claim.path, "x");
  return claim;
}

const read = (world: World, most: number, source: string | null = "towns") =>
  readClaimedFiles(world.lake, "flights", most, () => source ?? undefined);
const names = (files: readonly PendingFile[]) => files.map(({ name }) => name);
const claims = ({ lake }: World) => countClaims(lake, "flights");
const removeOrphans = (world: World, source?: string) =>
  removeOrphanedClaims(world, "flights", () => source);

test("claimed files are read in the order of their claims, as many as are asked for, with the source that takes them", async () => {
  const world = aWorld();
  const times = { third: 3_000, first: 1_000, fourth: 4_000, second: 2_000 };
  for (const [name, after] of Object.entries(times))
    putClaim(world, name, { modifiedAt: START + after });
  putClaim(world, "zeroth", { isMoved: false, modifiedAt: START });
  expect(names(await read(world, 9))).toEqual([
    ...["first", "second", "third", "fourth"],
  ]);
  expect(names(await read(world, 3))).toEqual(["first", "second", "third"]);
  expect(await read(world, 0)).toEqual([]);
  expect((await read(world, 1))[0]?.source).toBe("towns");
  expect(await read(world, 9, null)).toEqual([]);
  expect(await claims(world)).toBe(5);
});

test("a manifest ends the claims of its files, and of no others", async () => {
  const world = aWorld();
  const [listed, other] = [putClaim(world, "a"), putClaim(world, "b")];
  const manifest = { pipeline: "flights", files: [listed] };
  await settlePlanned(world.lake, manifest as unknown as Manifest);
  expect(world.lake.json(pendingPath("flights", listed.id))).toBeNull();
  expect(world.lake.json(pendingPath("flights", other.id))).toEqual(other);
});

test("an orphaned claim is one of more than half an hour", async () => {
  const world = aWorld();
  const { source, id } = putClaim(world, "a", { isMoved: false });
  world.clock.now = START + HALF_HOUR_MS;
  await removeOrphans(world, "airports");
  expect(await claims(world)).toBe(1);
  world.clock.now += 1;
  await removeOrphans(world, "airports");
  expect(await claims(world)).toBe(0);
  expect(world.logged).toEqual([
    { event: "file.vanished", fields: { pipeline: "flights", source, id } },
  ]);
});

test("of the orphaned claims the twenty oldest are looked at", async () => {
  const world = aWorld();
  for (let number = 0; number < 25; number += 1)
    putClaim(world, `${(number * 7) % 25}`, {
      ...{ isMoved: false, modifiedAt: START + ((number * 7) % 25) },
    });
  world.clock.now = START + 2 * HALF_HOUR_MS;
  await removeOrphans(world);
  const left = [...world.lake.files.keys()].map(
    (path) => (world.lake.json(path) as PendingFile).name,
  );
  expect(left.sort()).toEqual(["20", "21", "22", "23", "24"]);
});

test("a claim whose dropped file cannot be told, or is not the one that it names, may still be moved", async () => {
  const world = aWorld();
  const claim = putClaim(world, "a", { isMoved: false });
  const path = pendingPath("flights", claim.id);
  world.clock.now = START + 2 * HALF_HOUR_MS;
  for (const more of [
    { path: "elsewhere/a" },
    { name: "b" },
    { etag: "0x2" },
  ]) {
    world.lake.drop(path, JSON.stringify({ ...claim, ...more }), START);
    await removeOrphans(world);
    expect(await claims(world)).toBe(1);
  }
  expect(landingPathOf({ path: "elsewhere/a", name: "a" })).toBeUndefined();
});

test("a moved file that no source takes is set aside with a reason, and told; one that is taken stays claimed", async () => {
  const world = aWorld();
  const { id, path, bytes } = putClaim(world, "a");
  world.clock.now = START + 2 * HALF_HOUR_MS;
  await removeOrphans(world, "airports");
  expect(await claims(world)).toBe(1);
  await removeOrphans(world);
  expect(await claims(world)).toBe(0);
  const reason =
    "no source reads its folder any more: drop it again where a source does";
  expect(world.lake.json(setAsidePath("flights", id))).toEqual({
    ...{ version: 3, id, source: "airports", name: "a", path, bytes, reason },
    setAsideAt: "2026-01-01T01:00:00.000Z",
  });
  expect(world.logged).toEqual([
    { event: "file.refused", fields: { path, why: reason } },
  ]);
});

/** The batch that a file is assigned to, in the lake. */
const assigned = (world: World, { id }: PendingFile) =>
  world.lake.json(assignmentPath("flights", id));

test("a file is reserved for the batch that it is assigned to, which may become a later one", async () => {
  const world = aWorld();
  const [a, b] = [putClaim(world, "a"), putClaim(world, "b")];
  const reserve = async (next: number, files = [a, b]) =>
    names(await reserveFiles(world.lake, "flights", next, files));
  expect(await reserve(2, [a])).toEqual(["a"]);
  expect(await reserve(2)).toEqual(["a", "b"]);
  expect(assigned(world, a)).toEqual({ version: 3, id: a.id, batch: 2 });
  // A planner that is late.
  expect(await reserve(1)).toEqual([]);
  const listed = { source: "airports", name: "x", bytes: 1 };
  putManifest(world, 2, {
    files: [
      { ...listed, id: b.id, path: b.path },
      { ...listed, id: "f".repeat(16), path: "bronze/files/airports/f/x" },
    ],
  });
  expect(await reserve(3)).toEqual(["a"]);
  expect(assigned(world, a)).toMatchObject({ batch: 3 });
  expect(assigned(world, b)).toMatchObject({ batch: 2 });
  // What is listed is claimed no more.
  expect(world.lake.json(pendingPath("flights", b.id))).toBeNull();
});

test("an assignment that is gone, or that another planner has changed, reserves nothing", async () => {
  const world = aWorld();
  const a = putClaim(world, "a");
  const path = assignmentPath("flights", a.id);
  const create = world.lake.createOnce.bind(world.lake);
  world.lake.createOnce = (to, ...more) =>
    to === path ? Promise.resolve(false) : create(to, ...more);
  const reserve = () => reserveFiles(world.lake, "flights", 3, [a]);
  expect(await reserve()).toEqual([]);
  world.lake.put(path, { version: 3, id: a.id, batch: 2 });
  putManifest(world, 2);
  const replace = world.lake.replace.bind(world.lake);
  world.lake.replace = (...write) => {
    world.lake.put(path, { version: 3, id: a.id, batch: 4 });
    return replace(...write);
  };
  expect(await reserve()).toEqual([]);
  expect(assigned(world, a)).toMatchObject({ batch: 4 });
});
