import { changesOf } from "../../../../bench/prove/sinks/changes.ts";
import { compare } from "../../../../bench/prove/sinks/compare.ts";
import {
  bodyOf,
  carry,
  goldOf,
  keyText,
  movementOf,
  movementsOf,
  type Carried,
  type Gold,
} from "../../../../bench/prove/sinks/movements.ts";

interface Line {
  readonly op: "upsert" | "delete";
  readonly key: readonly string[];
  readonly isNew?: boolean;
  readonly value: string;
  readonly exact?: Readonly<Record<string, string>>;
}
type Documents = Map<string, { value: Record<string, unknown>; exact: object }>;

/** What a store holds that has taken a change set, as documents are compared with gold. */
function take(documents: Documents, lines: readonly string[]): void {
  for (const line of lines) {
    const { op, key, isNew, value, exact = {} } = JSON.parse(line) as Line;
    if (op === "delete") {
      expect(documents.delete(keyText(key))).toBe(true);
      continue;
    }
    expect(documents.has(keyText(key))).toBe(isNew === false);
    documents.set(keyText(key), {
      value: JSON.parse(value) as Record<string, unknown>,
      exact,
    });
  }
}

const tables = ["stock", "places"];

function afterSendings(count: number): {
  gold: Gold;
  documents: Record<string, Documents>;
  ops: Set<string>;
} {
  const documents = Object.fromEntries(
    tables.map((table) => [table, new Map() as Documents]),
  );
  const ops = new Set<string>();
  let carried: Carried = new Map();
  for (let sending = 1; sending <= count; sending += 1) {
    const before = goldOf(carried);
    carried = carry(carried, movementsOf(7, sending, carried));
    for (const table of tables) {
      const changes = changesOf(table, before, goldOf(carried));
      take(documents[table] ?? new Map<string, never>(), changes.lines);
      expect(documents[table]?.size).toBe(changes.rows);
      expect(changes.lines).toHaveLength(
        changes.inserted + changes.updated + changes.deleted,
      );
      if (changes.inserted > 0) ops.add(`${table} inserted`);
      if (changes.updated > 0) ops.add(`${table} updated`);
      if (changes.deleted > 0) ops.add(`${table} deleted`);
    }
  }
  return { gold: goldOf(carried), documents, ops };
}

const foundIn = (documents: Record<string, Documents>) =>
  Object.fromEntries(
    Object.entries(documents).map(([table, byKey]) => [
      table,
      [...byKey.values()].map(({ value, exact }) => ({
        value,
        exact: exact as Record<string, string>,
      })),
    ]),
  );

test("the change sets of all batches make gold, with every kind of change in each table", () => {
  const { gold, documents, ops } = afterSendings(200);
  expect(compare(gold, foundIn(documents))).toEqual({ lost: [], doubled: [] });
  expect([...ops].sort()).toEqual(
    tables
      .flatMap((table) =>
        ["deleted", "inserted", "updated"].map((op) => `${table} ${op}`),
      )
      .sort(),
  );
});

test("a document that is missing, wrong, or nobody's is found", () => {
  const { gold, documents } = afterSendings(20);
  const found = foundIn(documents);
  const [first, second, ...others] = found["stock"] ?? [];
  if (first === undefined || second === undefined) throw new Error("too few");
  const wrong = { value: { ...second.value, quantity: 77 }, exact: {} };
  const strange = { value: { place: "nowhere", item: "x" }, exact: {} };
  const stock = [wrong, strange, others[0] ?? strange, ...others];
  const { lost, doubled } = compare(gold, { ...found, stock });
  expect(lost).toHaveLength(2);
  expect(doubled).toHaveLength(2);
});

test("a number that a double cannot hold keeps its digits", () => {
  const movement = { place: "..", item: 'a\\"b', amount: 9007199254740993n };
  expect(movementOf(bodyOf(movement))).toEqual(movement);
  const gold = goldOf(carry(new Map(), [movement]));
  const [line = ""] = changesOf("stock", undefined, gold).lines;
  const { value, exact } = JSON.parse(line) as Line;
  expect(value).toContain('"quantity":9007199254740993');
  expect(exact).toEqual({ quantity: "9007199254740993" });
});
