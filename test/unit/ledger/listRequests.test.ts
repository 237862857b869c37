import { requestPath, requestsFolder } from "../../../src/domain/paths.ts";
import {
  listRequests,
  removeRequest,
} from "../../../src/ledger/openRequests.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const folder = requestsFolder("flights");
const idOf = (day: number): string => `2026010${day}T000000000Z-00000a`;

function ask(world: World, day: number, text?: string): void {
  const request = { version: 3, id: idOf(day), kind: "retry" };
  const createdAt = "2026-01-01T00:00:00.000Z";
  world.lake.drop(
    requestPath("flights", idOf(day)),
    text ?? JSON.stringify({ ...request, createdAt }),
  );
}

const list = async (world: World) =>
  (await listRequests(world, "flights")).map(({ id }) => id);
const told = ({ logged }: World) => logged.map(({ fields }) => fields["path"]);

test("requests come in the order they were made, whichever is read first", async () => {
  const world = aWorld();
  for (const day of [1, 2, 3]) ask(world, day);
  const read = world.lake.read.bind(world.lake);
  world.lake.read = async (path) => {
    const found = await read(path);
    // The first one answers last.
    if (path.includes(idOf(1)))
      for (let turn = 0; turn < 9; turn += 1) await Promise.resolve();
    return found;
  };
  expect(await list(world)).toEqual([1, 2, 3].map(idOf));
  await removeRequest(world, "flights", idOf(2));
  await removeRequest(world, "flights", idOf(2));
  expect(await list(world)).toEqual([1, 3].map(idOf));
});

test("a request that was settled since the listing is none", async () => {
  const world = aWorld();
  for (const day of [1, 2]) ask(world, day);
  const read = world.lake.read.bind(world.lake);
  world.lake.read = (path) =>
    path.includes(idOf(1)) ? Promise.resolve(undefined) : read(path);
  expect(await list(world)).toEqual([idOf(2)]);
  expect(told(world)).toEqual([]);
});

test("a request has ten thousand bytes at most", async () => {
  const world = aWorld();
  ask(world, 1);
  const own = world.lake.files.get(requestPath("flights", idOf(1)));
  const text = own?.content.toString() ?? "";
  ask(world, 1, text.padEnd(10_000));
  ask(world, 2, text.padEnd(10_001));
  expect(await list(world)).toEqual([idOf(1)]);
  expect(told(world)).toEqual([requestPath("flights", idOf(2))]);
});

test("what is no request is told once, and again when it is written anew", async () => {
  const world = aWorld();
  const paths = ["a.txt", "b.txt"].map((name) => `${folder}/${name}`);
  const [first = "", second = ""] = paths;
  for (const path of paths) world.lake.drop(path, "x");
  await list(world);
  expect(told(world)).toEqual(paths);
  await list(world);
  expect(told(world)).toEqual(paths);
  world.lake.drop(second, "y");
  await list(world);
  expect(told(world)).toEqual([first, second, second]);
  // What is gone meanwhile is told again when it is back.
  world.lake.files.delete(first);
  await list(world);
  world.lake.drop(first, "x");
  await list(world);
  expect(told(world)).toEqual([first, second, second, first]);
});
