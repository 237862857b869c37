import {
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { clientsOf, type Clients } from "../../local/src/platform/clients.ts";
import { projectDir } from "../../local/src/platform/folders.ts";
import {
  copyCheckout,
  descendants,
  isAlive,
  removeState,
  runVerb,
  startAssay,
  temporaryState,
  until,
  type Assay,
} from "../support/assay.ts";
import {
  differences,
  expectedGold,
  readFlights,
  type Flight,
  type Row,
} from "../support/expectedGold.ts";
import { runPython } from "../support/python.ts";

interface Page {
  readonly items: readonly { readonly value: Row }[];
  readonly continuation?: string;
}

// People's folders have such names, and each of these characters means something to a shell, a URI, Spark or SQL.
const stateDir = temporaryState('assay\'s state $HOME "é" 100% ');
const checkout = copyCheckout('assay\'s checkout $HOME "é" 100% ');
const lake = (...path: string[]): string => join(stateDir, "lake", ...path);
let assay: Assay;
let clients: Clients;

beforeAll(async () => {
  assay = startAssay({ stateDir, checkout });
  await assay.says("Try:");
  clients = clientsOf(stateDir);
}, 300_000);

afterAll(async () => {
  await assay.killTree();
  removeState(stateDir);
  removeState(checkout);
});

/** Every row of a partition, page by page. */
async function readPartition(table: string, partition: string): Promise<Row[]> {
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
  table: string,
  key: readonly string[],
  expected: ReadonlyMap<string, Row>,
): Promise<Map<string, Row>> {
  const partitions = new Set(
    [...expected.keys()].map((name) => name.split("/")[0] ?? ""),
  );
  const rows = new Map<string, Row>();
  for (const partition of partitions) {
    for (const row of await readPartition(table, partition))
      rows.set(key.map((part) => String(row[part])).join("/"), row);
  }
  return rows;
}

async function expectServed(flights: readonly Flight[]): Promise<void> {
  const gold = expectedGold(flights);
  for (const [table, key] of [
    ["airport_delays", ["airport", "day"]],
    ["route_delays", ["origin", "destination"]],
  ] as const) {
    const expected = gold[table];
    const served = await readTable(table, key, expected);
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

async function select(text: string): Promise<(string | null)[][]> {
  const { body } = await clients.databricks("POST", "/api/2.0/sql/statements", {
    warehouse_id: "local",
    statement: text,
    wait_timeout: "50s",
  });
  const { status, result } = body as {
    status: { state: string };
    result?: { data_array?: (string | null)[][] };
  };
  expect(status.state).toBe("SUCCEEDED");
  return result?.data_array ?? [];
}

test("the sample takes exactly two batches, of which the first has nine tenths of the events", async () => {
  const { body } = await clients.get("/api/batches/flights");
  const { batches } = body as {
    batches: {
      batch: number;
      state: string;
      sources: { flights: { received: number } };
      sinks: Record<string, string>;
    }[];
  };
  expect(batches.map(({ batch, state }) => `${batch} ${state}`)).toEqual([
    "2 processed",
    "1 processed",
  ]);
  expect(batches.map(({ sinks }) => sinks)).toEqual([
    { cosmos: "delivered" },
    { cosmos: "delivered" },
  ]);
  expect(batches[1]?.sources.flights.received).toBeGreaterThan(0.9 * 20_004);
});

test("every gold row is served as plain arithmetic over the source data gives it, and none besides", async () => {
  await expectServed(readFlights());
}, 120_000);

test("the books of the start balance, each figure from its own source", () => {
  expect(assay.output()).toContain("The books balance.");
  expect(assay.output()).toMatch(/events sent\s+20004/);
  expect(assay.output()).toMatch(/quarantined\s+4/);
});

test("an unparsable event, trailing text, bad UTF-8 and a broken contract lie in quarantine with reason, position and bytes", async () => {
  const rows = await select(
    "SELECT _reason, _partition, _sequence, hex(_body) FROM flights_silver.flights_quarantine ORDER BY _sequence, _partition",
  );
  expect(rows).toHaveLength(4);
  for (const [reason, partition, sequence, body] of rows) {
    expect(reason).not.toBe("");
    expect(Number(partition)).toBeGreaterThanOrEqual(0);
    expect(Number(sequence)).toBeGreaterThan(0);
    expect(Buffer.from(body ?? "", "hex").toString()).toContain("2001/03/31");
  }
  expect(new Set(rows.map(([reason]) => reason)).size).toBeGreaterThanOrEqual(
    3,
  );
}, 90_000);

test("an event that a person sends changes the answers, and she is told after how long", async () => {
  const flight: Flight = {
    date: "2001/03/31 09:00",
    delay: 90,
    distance: 337,
    origin: "ORD",
    destination: "LAX",
  };
  const send = runVerb("send", ["flights", JSON.stringify(flight)], {
    stateDir,
    checkout,
  });
  expect(await send.ended).toBe(0);
  expect(send.output()).toMatch(/is served, [\d.]+ s after the event was sent/);
  expect(send.output()).toContain(
    "/api/insights/flights/airport_delays/ORD/2001-03-31",
  );
  await expectServed([...readFlights(), flight]);
}, 180_000);

test("a file copied into landing by hand is found, and gold follows it", async () => {
  const airports = readFileSync(
    join(projectDir, "node_modules/vega-datasets/data/airports.csv"),
    "utf8",
  );
  const changed = join(stateDir, "airports.csv");
  writeFileSync(changed, airports.replace(/^ORD,[^,]*/m, "ORD,Orchard Field"));
  copyFileSync(changed, lake("landing", "airports", "airports.csv"));
  await until(async () => {
    const { body } = await clients.get(
      "/api/insights/flights/airport_delays/ORD/2001-03-31",
    );
    return (body as { value?: Row }).value?.["name"] === "Orchard Field";
  }, "the new name of ORD");
  expect(readdirSync(lake("landing", "airports"))).toEqual([]);
}, 180_000);

test("a statement over gold is answered in the terminal, and a wrong one in a sentence", async () => {
  const good = runVerb(
    "sql",
    ["SELECT count(*) AS days FROM gold.airport_delays"],
    { stateDir, checkout },
  );
  expect(await good.ended).toBe(0);
  expect(good.output()).toMatch(/days\n-+\n\d+/);
  const wrong = runVerb("sql", ["SELECT nothing FROM gold.airport_delays"], {
    stateDir,
    checkout,
  });
  expect(await wrong.ended).toBe(1);
  expect(wrong.output()).toContain("UNRESOLVED_COLUMN");
  expect(wrong.output().split("\n").length).toBeLessThan(10);
}, 90_000);

test("a statement that would change silver is refused, unless she says that she means it", async () => {
  const statement = "DELETE FROM silver.flights WHERE origin = 'nowhere'";
  const refused = runVerb("sql", [statement], { stateDir, checkout });
  expect(await refused.ended).toBe(2);
  expect(refused.output()).toContain("it holds DELETE. Write --write");
  const meant = runVerb("sql", [statement, "--write"], { stateDir, checkout });
  expect(await meant.ended).toBe(0);
}, 90_000);

test("Ctrl-C stops every process that the start has started", async () => {
  const pids = descendants(assay.process.pid ?? 0);
  expect(pids.length).toBeGreaterThanOrEqual(4);
  assay.process.kill("SIGINT");
  expect(await assay.ended).toBe(130);
  await until(() => !pids.some(isAlive), "every process to end", 30_000);
}, 60_000);

/** A start on what the tests above left behind; it ends by itself. */
async function once(): Promise<Assay> {
  const again = startAssay({ stateDir, checkout, args: ["--once"] });
  await again.ended;
  return again;
}

test("a second start sends nothing again and finds the books balanced", async () => {
  const again = await once();
  expect(again.output()).toContain("The books balance.");
  expect(again.output()).toMatch(/events sent\s+20005/);
  expect(await again.ended).toBe(0);
}, 120_000);

describe("a gold file that she changes", () => {
  const file = join(
    checkout,
    "pipelines",
    "flights",
    "gold",
    "airport_delays.sql",
  );
  const change = (from: string, to: string): void => {
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };

  test("and breaks is named with its line, Spark's condition and the log", async () => {
    change("avg(delay)", "avg(dealy)");
    const broken = await once();
    expect(await broken.ended).toBe(1);
    const output = broken.output();
    expect(output).toContain("UNRESOLVED_COLUMN");
    expect(output).toContain("pipelines/flights/gold/airport_delays.sql:15");
    const log = /^ {2}log: (.+)$/m.exec(output)?.[1] ?? "";
    expect(readFileSync(log, "utf8")).toContain("UNRESOLVED_COLUMN");
    expect(output).not.toMatch(/^ +at /m);
  }, 120_000);

  test("and mends takes effect at the next start, without new events", async () => {
    change("avg(dealy)", "avg(delay)");
    change("delay > 15", "delay > 60");
    const changed = startAssay({ stateDir, checkout });
    try {
      await changed.says("Try:");
      expect(changed.output()).toContain("The books balance.");
      clients = clientsOf(stateDir);
      const served = new Map(
        (await readPartition("airport_delays", "LAX")).map((row) => [
          row["day"],
          row,
        ]),
      );
      const expected = [
        ...expectedGold(readFlights(), 60).airport_delays.values(),
      ].filter(({ airport }) => airport === "LAX");
      expect(served.size).toBe(expected.length);
      expect(
        expected.flatMap((row) => differences(row, served.get(row["day"]))),
      ).toEqual([]);
    } finally {
      await changed.killTree();
    }
  }, 120_000);
});

describe("what is taken away is missed", () => {
  test("a bronze file", async () => {
    const root = lake("bronze", "events", "flights");
    const file =
      readdirSync(root, { recursive: true, encoding: "utf8" }).find((name) =>
        name.endsWith(".avro"),
      ) ?? "";
    const bytes = readFileSync(join(root, file));
    rmSync(join(root, file));
    const again = await once();
    expect(await again.ended).toBe(1);
    expect(again.output()).toMatch(/Bronze lacks \d+ events of partition \d/);
    writeFileSync(join(root, file), bytes);
  }, 120_000);

  test("a row of the log, and one of silver", async () => {
    for (const [table, sequence] of [
      ["flights_log", 7],
      ["flights", 8],
    ] as const)
      runPython(
        `import sys; from deltalake import DeltaTable; DeltaTable(sys.argv[1]).delete(sys.argv[2])`,
        [
          join(stateDir, "warehouse", "flights_silver.db", table),
          `_sequence = ${sequence} AND _partition = '1'`,
        ],
      );
    const again = await once();
    expect(await again.ended).toBe(1);
    expect(again.output()).toMatch(
      /The log of flights lacks 1 events of [0-9a-f]+\/1: 7\./,
    );
    expect(again.output()).toMatch(
      /Silver's flights lacks 1 rows that its log has: [0-9a-f]+\/1\/8/,
    );
  }, 120_000);

  test("a document", async () => {
    const again = startAssay({ stateDir, checkout });
    await again.says("Try:");
    await clientsOf(stateDir)
      .cosmos.database("assay")
      .container("flights_route_delays")
      .item("LAX", "JFK")
      .delete();
    // Spark's catalog is in memory: the view of quarantine is there again after a restart.
    expect(
      await select("SELECT count(*) FROM flights_silver.flights_quarantine"),
    ).toEqual([["4"]]);
    await again.killTree();
    const last = await once();
    expect(await last.ended).toBe(1);
    expect(last.output()).toContain(
      "Cosmos lacks 1 documents of route_delays: JFK:LAX.",
    );
  }, 240_000);
});
