import { documentName } from "./documents.ts";
import type { ServedTables } from "./served.ts";
import type { Tables } from "./tables.ts";

/** The documents of a sink and those that its store refuses are the rows of gold. */
export function compareServed(served: ServedTables, tables: Tables): string[] {
  return [...compareRefused(served), ...compareTables(served, tables)];
}

function compareRefused({ sink, refused }: ServedTables): string[] {
  const found = Object.values(refused.byTable).reduce((a, b) => a + b, 0);
  return found === refused.counted
    ? []
    : [
        `The sink ${sink} counts ${refused.counted} refused documents, ${found} lie in the lake.`,
      ];
}

function compareTables(
  { documents, refused }: ServedTables,
  tables: Tables,
): string[] {
  return [...documents].flatMap(([table, { names: served, count }]) => {
    const { rows = 0, keys = [] } = tables.gold[table] ?? {};
    const refusedHere = refused.byTable[table] ?? 0;
    const names = new Set(keys.map(documentName));
    const missing = [...names].filter((name) => !served.has(name));
    const extra = [...served].filter((name) => !names.has(name));
    const differences: string[] = [];
    if (missing.length > refusedHere)
      differences.push(
        `Cosmos lacks ${missing.length - refusedHere} documents of ${table}: ${few(missing)}.`,
      );
    if (extra.length > 0)
      differences.push(
        `Cosmos has ${extra.length} documents of ${table} too many: ${few(extra)}.`,
      );
    if (differences.length === 0 && count + refusedHere !== rows)
      differences.push(
        `Cosmos counts ${count} documents of ${table} and refused ${refusedHere}, gold has ${rows} rows.`,
      );
    return differences;
  });
}

const few = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`;
