import { join } from "node:path";
import { differences, type Row } from "./expectedGold.ts";
import { runPython } from "./python.ts";

const READ = `
import json, sys
from deltalake import DeltaTable
json.dump(DeltaTable(sys.argv[1]).to_pyarrow_table().to_pylist(), sys.stdout, default=str)
`;

/** A gold table as delta-rs reads it. */
export function readGold(
  stateDir: string,
  table: string,
  key: readonly string[],
): { compare(expected: ReadonlyMap<string, Row>): string[] } {
  const rows = JSON.parse(
    runPython(READ, [join(stateDir, "warehouse", "flights_gold.db", table)]),
  ) as Row[];
  const byKey = new Map(
    rows.map((row) => [key.map((part) => String(row[part])).join("/"), row]),
  );
  return {
    compare(expected) {
      const wrong = [...expected].flatMap(([name, row]) =>
        differences(row, byKey.get(name)).map((text) => `${name}: ${text}`),
      );
      const extra = [...byKey.keys()]
        .filter((name) => !expected.has(name))
        .map((name) => `${name}: nobody expects it`);
      return [...wrong, ...extra];
    },
  };
}
