import {
  writePart,
  type WritePart,
} from "../../../src/sinks/cosmos/writePart.ts";
import type { Line } from "../../../src/domain/documents.ts";
import { aRow, INCARNATION } from "../../support/app/delivering.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const FULL = { status: 403, substatus: 1014 };

/** Writes these lines as a part of this batch. */
function write(
  world: World,
  batch: number,
  lines: readonly Line[],
  more: Partial<WritePart> = {},
) {
  const path = `parts/${batch}.json`;
  world.lake.drop(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  return writePart(world, {
    pipeline: "flights",
    sink: "cosmos",
    batch,
    incarnation: INCARNATION,
    part: { table: "routes", path, rows: lines.length },
    mode: "changes",
    refused: 0,
    ...more,
  });
}

const refusedFiles = ({ lake }: World): string[] =>
  [...lake.files.keys()].filter((path) => path.includes("/refused/"));

test.each<[string, Line]>([
  ["delete", { op: "delete", key: ["ORD", "a"] }],
  ["change", { ...aRow("a", { flights: 9 }) }],
])(
  "a %s in a full partition, which leaves an older document served, fails the part",
  async (_name, line) => {
    const world = aWorld();
    await write(world, 1, [aRow("a")]);
    world.store.refuses = () => FULL;
    await expect(write(world, 2, [line])).rejects.toMatchObject({
      code: "STORE_REFUSED",
      fault: "theirs",
    });
    expect(refusedFiles(world)).toEqual([]);
    world.store.refuses = () => undefined;
    expect(await write(world, 2, [line])).toMatchObject({ refused: 0 });
  },
);

const days = (count: number): Line[] =>
  Array.from({ length: count }, (_, day) => aRow(`day-${day}`));

test("a part stops at its limit of refused documents, and one that was refused before does not count", async () => {
  const world = aWorld();
  world.store.refuses = (_container, { document }) =>
    document.deleted ? undefined : { status: 413, substatus: 0 };
  const failed = await write(world, 1, days(40), { limit: 30 });
  expect(failed).toMatchObject({
    kind: "failed",
    refused: 30,
    failure: { code: "DOCUMENTS_REFUSED", fault: "input" },
  });
  expect(refusedFiles(world)).toHaveLength(30);
  const again = await write(world, 1, days(40), { refused: 30, limit: 9 });
  expect(again).toMatchObject({ kind: "failed", refused: 9 });
  expect(refusedFiles(world)).toHaveLength(39);
  const rest = await write(world, 1, days(40), { refused: 39, limit: 1 });
  expect(rest).toEqual({ kind: "done", refused: 1, cleared: 0 });
  expect(refusedFiles(world)).toHaveLength(40);
});
