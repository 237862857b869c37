import { writePart } from "../../../src/sinks/cosmos/writePart.ts";
import type { Line } from "../../../src/domain/documents.ts";
import { aRow, INCARNATION } from "../../support/app/delivering.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const FULL = { status: 403, substatus: 1014 };

/** Writes these lines as a part of this batch. */
function write(world: World, batch: number, lines: readonly Line[]) {
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
  });
}

const setAside = ({ lake }: World): string[] =>
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
    expect(setAside(world)).toEqual([]);
    world.store.refuses = () => undefined;
    expect(await write(world, 2, [line])).toMatchObject({ refused: 0 });
  },
);
