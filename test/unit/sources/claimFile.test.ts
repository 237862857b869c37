import { claimFile } from "../../../src/sources/landing/claimFile.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import { aWorld, START } from "../../support/app/world.ts";

const PATH = "landing/airports/2024/a b.csv";
/** As Event Grid announces a file that its writer has closed. */
const closed = (world: ReturnType<typeof aWorld>, path = PATH) => ({
  path,
  etag: world.lake.files.get(path)?.etag ?? "",
  isClosed: true as const,
});
const below = (world: ReturnType<typeof aWorld>, folder: string) =>
  [...world.lake.files.keys()].filter((path) => path.startsWith(folder));

test("a claimed file is moved, with a claim that says where from", async () => {
  const world = aWorld();
  world.lake.drop(PATH, "iata");
  expect(await claimFile(world, closed(world))).toEqual({
    pipeline: "flights",
  });
  const [claimed = ""] = below(world, "bronze/files/airports/");
  expect(claimed).toMatch(/\/[0-9a-f]{16}\/2024~2Fa~20b\.csv$/);
  const [claim = ""] = below(world, "_assay/pipelines/flights/files/pending/");
  expect(world.lake.json(claim)).toMatchObject({
    name: "2024/a b.csv",
    path: claimed,
    source: "airports",
    bytes: 4,
  });
  expect(below(world, "landing/")).toEqual([]);
});

test("a dropped file that was announced with another ETag is left to its own announcement", async () => {
  const world = aWorld();
  world.lake.drop(PATH, "first");
  const announced = closed(world);
  world.lake.drop(PATH, "second");
  expect(await claimFile(world, announced)).toEqual({});
  expect(below(world, "bronze/")).toEqual([]);
});

test("a dropped file that is overwritten between the claim and the move leaves no claim behind", async () => {
  const world = aWorld();
  world.lake.drop(PATH, "first");
  const createOnce = world.lake.createOnce.bind(world.lake);
  world.lake.createOnce = async (...parameters) => {
    const done = await createOnce(...parameters);
    world.lake.drop(PATH, "second");
    return done;
  };
  await claimFile(world, closed(world));
  expect(below(world, "_assay/")).toEqual([]);
  expect(below(world, "landing/")).toEqual([PATH]);
});

test("hidden files, and folders that nobody reads, are left alone", async () => {
  const world = aWorld();
  world.lake.drop("landing/airports/.part", "x");
  world.lake.drop("landing/elsewhere/a.csv", "x");
  for (const path of below(world, "landing/"))
    await claimFile(world, closed(world, path));
  expect(below(world, "bronze/")).toEqual([]);
});

test("a dropped file that nobody reads is told with its path", async () => {
  const world = aWorld();
  const paths = ["landing/elsewhere/a.csv", "landing/a.csv"];
  for (const path of paths) {
    world.lake.drop(path, "x");
    await claimFile(world, closed(world, path));
  }
  expect(world.logged).toMatchObject([
    {
      event: "file.refused",
      fields: { path: paths[0], why: "no pipeline reads its folder" },
    },
    {
      event: "file.refused",
      fields: { path: paths[1], why: "it lies in no folder of landing/" },
    },
  ]);
});

test("the sweep takes what has not changed for a while, and nothing younger", async () => {
  const world = aWorld();
  world.lake.drop("landing/airports/old.csv", "x", START - 2000);
  world.lake.drop("landing/airports/young.csv", "x", START - 1999);
  await sweepOnce(world);
  expect(below(world, "landing/")).toEqual(["landing/airports/young.csv"]);
});
