/** Holds what Cosmos serves, and what the Delta tables hold, against gold as the proof knows it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CosmosClient } from "@azure/cosmos";
import { venvPython } from "../../../scripts/setup/paths.mjs";
import { keyOf, keys, keyText, type Cell, type Gold } from "./movements.ts";

export interface Difference {
  /** Rows of gold that are not there, or not with these values. */
  readonly lost: readonly string[];
  /** What is there and in no row of gold, or is there twice. */
  readonly doubled: readonly string[];
}

/** A row as it was found, its numbers in one of two forms. */
interface Found {
  readonly value: Readonly<Record<string, unknown>>;
  /** The digits of numbers that a double cannot hold. */
  readonly exact: Readonly<Record<string, string>>;
}

export function compare(
  gold: Gold,
  found: Readonly<Record<string, readonly Found[]>>,
): Difference {
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const [table, rows] of gold) {
    const byKey = new Map<string, Found>();
    for (const one of found[table] ?? []) {
      const key = keyText(keyOf(table, one.value as Record<string, Cell>));
      if (!rows.has(key) || byKey.has(key)) doubled.push(`${table} ${key}`);
      byKey.set(key, one);
    }
    for (const [key, row] of rows) {
      const wrong = Object.entries(row).filter(
        ([column, cell]) => !isSame(cell, column, byKey.get(key)),
      );
      if (wrong.length === 0) continue;
      const columns = wrong.map(([column, cell]) => `${column} ${cell}`);
      lost.push(`${table} ${key}: ${columns.join(", ")}`);
    }
  }
  return { lost, doubled };
}

function isSame(cell: Cell, column: string, found: Found | undefined): boolean {
  const value = found?.value[column];
  if (typeof cell !== "bigint") return value === cell;
  // Where its shortest text has all digits, a double may stand for a number that it does not hold.
  const digits =
    found?.exact[column] ?? (typeof value === "number" ? String(value) : "");
  return digits === String(cell);
}

interface Document {
  readonly value: Found["value"] | null;
  readonly exact?: Found["exact"];
  readonly deleted?: boolean;
}

/** The live documents of each table. */
export async function readDocuments(
  cosmos: CosmosClient,
  database: string,
  pipeline: string,
): Promise<Record<string, Found[]>> {
  const tables = Object.keys(keys).map(async (table) => {
    const { items } = cosmos
      .database(database)
      .container(`${pipeline}_${table}`);
    const { resources } = await items.readAll<Document>().fetchAll();
    const live = resources.flatMap(({ value, exact = {}, deleted }) =>
      value === null || deleted === true ? [] : [{ value, exact }],
    );
    return [table, live] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

/** Whole numbers as texts: JSON's are doubles to most readers. */
const READ_TABLE = `
import json, sys
from deltalake import DeltaTable
rows = DeltaTable(sys.argv[1]).to_pyarrow_table().to_pylist()
whole = lambda row: {k: str(v) for k, v in row.items() if isinstance(v, int)}
json.dump([{"value": row, "exact": whole(row)} for row in rows], sys.stdout)
`;

/** The rows of each Delta table, by a reader that shares nothing with its writer. */
export function readDelta(
  stateDir: string,
  pipeline: string,
): Record<string, Found[]> {
  const gold = join(stateDir, "warehouse", `${pipeline}_gold.db`);
  return Object.fromEntries(
    Object.keys(keys).map((table) => {
      const folder = join(gold, table);
      if (!existsSync(folder)) return [table, []];
      const rows = execFileSync(venvPython, ["-c", READ_TABLE, folder], {
        encoding: "utf8",
      });
      return [table, JSON.parse(rows) as Found[]];
    }),
  );
}
