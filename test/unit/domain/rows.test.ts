import {
  isBeyond,
  newestRows,
  rowsAfter,
  type RecentRows,
} from "../../../src/domain/rows.ts";
import { anAccount, aTable } from "../../support/app/ended.ts";

type Account = Parameters<typeof anAccount>[0];

/** What is noted after batches with these accounts of one source. */
const after = (...accounts: readonly (Account | undefined)[]): RecentRows =>
  accounts.reduce<RecentRows>(
    (noted, account, index) =>
      rowsAfter(noted, {
        batch: index + 1,
        sources: account === undefined ? {} : { flights: anAccount(account) },
        tables: {},
      }),
    {},
  );

const newest = (...accounts: readonly (Account | undefined)[]) => {
  const noted = after(...accounts).rows?.["flights"];
  return noted && newestRows(noted);
};

test("of many rows those of the last batch count, and duplicates are none", () => {
  expect(
    newest(
      { quarantined: 100, quarantinedBy: { "delay: type": 100 } },
      { accepted: 15, late: 4, quarantined: 1, duplicate: 500 },
    ),
  ).toEqual({
    ...{ batches: [2], rows: 20, quarantined: 1, late: 4 },
    quarantinedBy: {},
  });
});

test("a few rows are counted with those of the batch before", () => {
  const few = { quarantined: 2, quarantinedBy: { "delay: type": 2 } };
  const fewer = {
    ...{ accepted: 5, quarantined: 3 },
    quarantinedBy: { "delay: type": 1, "date: x-parse": 2 },
  };
  expect(newest({ accepted: 90 }, few, fewer)).toEqual({
    ...{ batches: [2, 3], rows: 10, quarantined: 5, late: 0 },
    quarantinedBy: { "delay: type": 3, "date: x-parse": 2 },
  });
});

test("a source without new rows keeps what its last ones came to, however many batches there are meanwhile", () => {
  const bad = { quarantined: 8759 };
  const none = { duplicate: 4, expired: 3 };
  expect(newest(bad, none, undefined, none)).toMatchObject({
    ...{ batches: [1], rows: 8759, quarantined: 8759 },
  });
});

test("the tables are those of the last batch that was processed", () => {
  const refused = { null: 3 };
  const first = rowsAfter(
    {},
    {
      ...{ batch: 1, sources: {} },
      tables: { old: aTable("a"), routes: { ...aTable("a"), refused } },
    },
  );
  const tables = { routes: aTable("a") };
  expect(rowsAfter(first, { batch: 2, sources: {}, tables })).toEqual({
    tables: { routes: { rows: 3, refused: {} } },
  });
});

test.each([
  [2, 20, false],
  [3, 20, true],
  [18, 19, false],
  [19, 19, true],
  [1, 1, true],
  [0, 0, false],
])("%i of %i rows are beyond a tenth: %s", (part, whole, expected) => {
  expect(isBeyond(part, whole, 0.1)).toBe(expected);
});

test("nothing is beyond all of the rows, and one row is beyond none of them", () => {
  expect(isBeyond(50, 50, 1)).toBe(false);
  expect(isBeyond(1, 50, 0)).toBe(true);
});
