import type { Clients } from "../../local/src/platform/clients.ts";
import {
  differences,
  expectedGold,
  type Flight,
  type Row,
} from "./expectedGold.ts";

interface Page {
  readonly items: readonly { readonly value: Row }[];
  readonly continuation?: string;
}

/** Every row of a partition, page by page. */
export async function readPartition(
  clients: Clients,
  table: string,
  partition: string,
): Promise<Row[]> {
  const rows: Row[] = [];
  let continuation: string | undefined;
  do {
    const query =
      continuation === undefined
        ? ""
        : `&continuation=${encodeURIComponent(continuation)}`;
    const { status, body } = await clients.get(
      `/api/insights/flights/${table}/${partition}?limit=500${query}`,
    );
    expect(status).toBe(200);
    const page = body as Page;
    rows.push(...page.items.map(({ value }) => value));
    continuation = page.continuation;
  } while (continuation !== undefined);
  return rows;
}

async function readTable(
  clients: Clients,
  table: string,
  key: readonly string[],
  expected: ReadonlyMap<string, Row>,
): Promise<Map<string, Row>> {
  const partitions = new Set(
    [...expected.keys()].map((name) => name.split("/")[0] ?? ""),
  );
  const rows = new Map<string, Row>();
  for (const partition of partitions) {
    for (const row of await readPartition(clients, table, partition))
      rows.set(key.map((part) => String(row[part])).join("/"), row);
  }
  return rows;
}

/** Every row of both gold tables is what plain arithmetic gives, and there is none besides. */
export async function expectServed(
  clients: Clients,
  flights: readonly Flight[],
): Promise<void> {
  const gold = expectedGold(flights);
  for (const [table, key] of [
    ["airport_delays", ["airport", "day"]],
    ["route_delays", ["origin", "destination"]],
  ] as const) {
    const expected = gold[table];
    const served = await readTable(clients, table, key, expected);
    const wrong = [...expected].flatMap(([name, row]) =>
      differences(row, served.get(name)).map((text) => `${name}: ${text}`),
    );
    expect(wrong).toEqual([]);
    expect([...served.keys()].filter((name) => !expected.has(name))).toEqual(
      [],
    );
    // A partition that nobody expects would not be asked for above: Cosmos counts them all.
    const { resources } = await clients.cosmos
      .database("assay")
      .container(`flights_${table}`)
      .items.query<number>(
        "SELECT VALUE COUNT(1) FROM c WHERE NOT IS_DEFINED(c.deleted) OR c.deleted = false",
      )
      .fetchAll();
    expect(resources).toEqual([expected.size]);
  }
}
