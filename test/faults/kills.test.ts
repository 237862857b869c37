import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clientsOf } from "../../local/src/platform/clients.ts";
import { readFolders } from "../../local/src/platform/folders.ts";
import { packagedDefinitions } from "../../local/src/platform/definitions.ts";
import { reconcile } from "../../local/src/reconciliation/reconcile.ts";
import type { FaultRule } from "../../local/src/shared/faults.ts";
import {
  removeState,
  startAssay,
  temporaryState,
  until,
  type Assay,
} from "../support/assay.ts";
import { batchFolder } from "../support/batchFolder.ts";
import { expectedGold, readFlights } from "../support/expectedGold.ts";
import { readGold } from "../support/gold.ts";

/**
 * One life with many deaths: the whole tree is killed with -9 at each step of the way, and started again. At the end
 * the tables are what an undisturbed run makes. Each death happens at a known place: a planted fault holds a request,
 * or the lake's files say how far the work is.
 */
const stateDir = temporaryState();
const batchDir = (batch: number): string => batchFolder(stateDir, batch);
const hold = (
  service: string,
  operation: string,
  path: string,
  skip = 0,
): FaultRule => ({
  service,
  operation,
  path,
  skip,
  action: "hang",
});

afterAll(() => removeState(stateDir));

async function dieWhen(
  faults: readonly FaultRule[],
  isThere: (assay: Assay) => boolean,
  what: string,
): Promise<void> {
  const assay = startAssay({ stateDir, faults });
  try {
    await until(() => isThere(assay) || refuseBlocked(), what, 240_000);
  } finally {
    await assay.killTree();
  }
}

/** No kill may block a batch: to go on waiting would be in vain. */
function refuseBlocked(): false {
  for (const batch of [1, 2]) {
    const path = join(batchDir(batch), "blocked.json");
    if (existsSync(path))
      throw new Error(
        `Batch ${batch} is blocked: ${readFileSync(path, "utf8")}`,
      );
  }
  return false;
}

/** Whether the held request has arrived: the services log each fault that a request meets. */
const isHeld = (): boolean => {
  const log = join(stateDir, "logs", "services.log");
  return (
    existsSync(log) &&
    readFileSync(log, "utf8")
      .split("\n")
      .slice(heldBefore)
      .some((line) => line.includes('"fault.met"'))
  );
};
let heldBefore = 0;
const forgetHeld = (): void => {
  const log = join(stateDir, "logs", "services.log");
  heldBefore = existsSync(log)
    ? readFileSync(log, "utf8").split("\n").length - 1
    : 0;
};
beforeEach(forgetHeld);

const bronzeFiles = (): string[] => {
  const root = join(stateDir, "lake", "bronze", "events");
  return existsSync(root)
    ? readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".avro"),
      )
    : [];
};

/** The batch that Cosmos gets next. */
const headBatch = (): number => {
  const head = join(batchDir(1), "..", "..", "sinks", "cosmos", "head.json");
  return (JSON.parse(readFileSync(head, "utf8")) as { nextBatch: number })
    .nextBatch;
};

const commits = (table: string): number => {
  const log = join(stateDir, "warehouse", table, "_delta_log");
  return existsSync(log)
    ? readdirSync(log).filter((name) => /^\d+\.json$/.test(name)).length
    : 0;
};

test("killed while events are being sent", async () => {
  await dieWhen(
    [hold("lake", "PUT", "manifest\\.json$")],
    () => bronzeFiles().length >= 3,
    "a few bronze files",
  );
}, 300_000);

test("killed with bronze written and no manifest", async () => {
  await dieWhen(
    [hold("lake", "PUT", "manifest\\.json$")],
    isHeld,
    "the manifest on its way",
  );
  expect(bronzeFiles().length).toBeGreaterThan(0);
  expect(existsSync(join(batchDir(1), "manifest.json"))).toBe(false);
}, 300_000);

test("killed between silver's log and the MERGE into gold", async () => {
  await dieWhen(
    [],
    () =>
      commits("flights_silver.db/flights_log") > 1 &&
      commits("flights_gold.db/airport_delays") === 0,
    "the log's commit",
  );
  expect(existsSync(join(batchDir(1), "process.json"))).toBe(false);
}, 300_000);

test("killed while documents are being delivered", async () => {
  await dieWhen(
    [hold("cosmos", "BULK", "flights_airport_delays", 3)],
    isHeld,
    "the fourth bulk request",
  );
  expect(headBatch()).toBe(1);
}, 300_000);

test("killed before the sink's progress is noted", async () => {
  await dieWhen(
    [hold("lake", "PUT", "sinks/cosmos/head\\.json$")],
    isHeld,
    "the note on its way",
  );
  expect(existsSync(join(batchDir(1), "process.json"))).toBe(true);
  expect(headBatch()).toBe(1);
}, 300_000);

test("killed while the second batch runs, and the Durable state deleted while the host is dead", async () => {
  await dieWhen(
    [],
    () =>
      existsSync(join(batchDir(2), "attempts")) &&
      !existsSync(join(batchDir(2), "process.json")),
    "the second batch's job run",
  );
  for (const name of readdirSync(join(stateDir, "functions"))) {
    if (name.startsWith("durable")) rmSync(join(stateDir, "functions", name));
  }
}, 300_000);

test("ends with the gold and the accounts of an undisturbed run", async () => {
  const assay = startAssay({ stateDir });
  try {
    await assay.says("Try:");
    const folders = readFolders(stateDir);
    const [flights] = packagedDefinitions(folders.projectDir);
    if (flights?.pipeline !== "flights") throw new Error("No flights.");
    const { differences, streams, tables } = await reconcile(
      folders,
      clientsOf(stateDir),
      flights,
      () => 20_004,
    );
    expect(differences).toEqual([]);
    expect(streams.map(({ sent }) => sent)).toEqual([20_004]);
    expect(
      streams.map(({ hub }) =>
        [...hub.values()].reduce((sum, [a, b]) => sum + b - a + 1, 0),
      ),
    ).toEqual([20_004]);
    const {
      accepted = 0,
      late = 0,
      quarantined,
      duplicate = 0,
    } = tables.sources["flights"]?.verdicts ?? {};
    expect({ counted: accepted + late, quarantined, duplicate }).toEqual({
      counted: 20_000,
      quarantined: 4,
      duplicate: 0,
    });
    const gold = expectedGold(readFlights());
    expect(
      readGold(stateDir, "airport_delays", ["airport", "day"]).compare(
        gold.airport_delays,
      ),
    ).toEqual([]);
    expect(
      readGold(stateDir, "route_delays", ["origin", "destination"]).compare(
        gold.route_delays,
      ),
    ).toEqual([]);
  } finally {
    await assay.killTree();
  }
}, 300_000);
