/** What is sent, and what gold says about it: the pipeline's two SQL files once more, in other words. */
import { chanceOf } from "../chance.ts";

export interface Movement {
  readonly place: string;
  readonly item: string;
  readonly amount: bigint;
}

/** The body of an event. Amounts may have more digits than a double: they are written as they are. */
export const bodyOf = ({ place, item, amount }: Movement): string =>
  `{"place":${JSON.stringify(place)},"item":${JSON.stringify(item)},"amount":${amount}}`;

export function movementOf(body: string): Movement {
  const { place, item } = JSON.parse(body) as Movement;
  const digits = /"amount":(-?\d+)\}$/.exec(body)?.[1];
  if (digits === undefined) throw new Error(`${body} is no movement.`);
  return { place, item, amount: BigInt(digits) };
}

/** Names that a path, an id, a URL or a query may stumble over. */
const PLACES = ["north", "süd", "a/b", ".", "..", "x y", 'q"', "~tilde", "50%"];
const ITEMS = ["bolt", "nut:4", "..", "?#", "'--", "ж", "CON", "a\\b"];
/** 2^53 + 1: the first whole number that a double cannot hold. */
const TOO_LONG = 9_007_199_254_740_993n;

/** The movements of one sending. Items vanish and come back all the time; now and then a whole place is emptied. */
export function movementsOf(
  seed: number,
  sending: number,
  carried: Carried,
): Movement[] {
  const chance = chanceOf(seed, "movements", sending);
  const emptied = chance.oneIn(4) ? chance.pick(PLACES) : undefined;
  const out = [...carried.values()]
    .filter(({ place, amount }) => place === emptied && amount !== 0n)
    .map(({ place, item, amount }) => ({ place, item, amount: -amount }));
  const more = Array.from({ length: chance.between(1, 8) }, () => ({
    place: chance.pick(PLACES.filter((place) => place !== emptied)),
    item: chance.pick(ITEMS),
    amount: chance.oneIn(5)
      ? chance.pick([TOO_LONG, -TOO_LONG])
      : BigInt(chance.pick([-2, -1, 1, 2])),
  }));
  return [...out, ...more];
}

export type Cell = string | bigint | number;
export type Row = Readonly<Record<string, Cell>>;
/** The rows of each table by the text of their key. */
export type Gold = ReadonlyMap<string, ReadonlyMap<string, Row>>;

export const keys: Readonly<Record<string, readonly string[]>> = {
  stock: ["place", "item"],
  places: ["place"],
};

export const keyOf = (table: string, row: Row): string[] =>
  (keys[table] ?? []).map((column) => String(row[column]));

export const keyText = (key: readonly string[]): string => JSON.stringify(key);

/** All that was carried so far, by place and item. */
export type Carried = ReadonlyMap<
  string,
  Movement & { readonly movements: number }
>;

export function carry(
  before: Carried,
  movements: readonly Movement[],
): Carried {
  const after = new Map(before);
  for (const movement of movements) {
    const key = keyText([movement.place, movement.item]);
    const known = after.get(key);
    after.set(key, {
      ...movement,
      amount: (known?.amount ?? 0n) + movement.amount,
      movements: (known?.movements ?? 0) + 1,
    });
  }
  return after;
}

export function goldOf(carried: Carried): Gold {
  const stock = new Map<string, Row>();
  const places = new Map<string, { items: bigint; sum: bigint; max: bigint }>();
  for (const [key, { place, item, amount, movements }] of carried) {
    if (amount === 0n) continue;
    stock.set(key, {
      place,
      item,
      quantity: amount,
      movements: BigInt(movements),
    });
    const known = places.get(place);
    places.set(place, {
      items: (known?.items ?? 0n) + 1n,
      sum: (known?.sum ?? 0n) + amount,
      max: known === undefined || amount > known.max ? amount : known.max,
    });
  }
  const rows = [...places].map(
    ([place, { items, sum, max }]): [string, Row] => [
      keyText([place]),
      { place, items, quantity: sum, quarter: Number(max) / 4 },
    ],
  );
  return new Map<string, ReadonlyMap<string, Row>>([
    ["stock", stock],
    ["places", new Map(rows)],
  ]);
}
