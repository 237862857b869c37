import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readAccounts } from "../../../local/src/reconciliation/accounts.ts";
import {
  findDifferences,
  type Figures,
} from "../../../local/src/reconciliation/differences.ts";
import { union } from "../../../local/src/reconciliation/positions.ts";
import {
  renderFigures,
  renderVerdict,
} from "../../../local/src/reconciliation/render.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-figures-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, content: unknown): string {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    typeof content === "string" ? content : JSON.stringify(content),
  );
  return file;
}

const account = {
  duplicate: 0,
  quarantined: 0,
  late: 0,
  expired: 0,
  missing: 0,
  recovered: 0,
};

/** Ten events, of which a person skipped four; two rows of gold, of which one is refused. */
const figures: Figures = {
  pipeline: "weather",
  streams: [
    {
      source: "readings",
      sent: 8,
      hub: new Map([["0", [0, 9]]]),
      bronze: { events: 10, positions: new Map([["g/0", [[0, 9]]]]) },
    },
  ],
  files: new Map([["f1", { source: "stations", rows: 3 }]]),
  accounts: {
    sources: {
      readings: { ...account, received: 10, accepted: 6, skipped: 4 },
      stations: { ...account, received: 3, accepted: 3, skipped: 0 },
    },
    skipped: { readings: new Map([["g/0", [[6, 9]]]]) },
    skippedFiles: new Set(),
  },
  tables: {
    sources: {
      readings: {
        verdicts: { accepted: 6 },
        positions: { "g/0": [[0, 5]] },
        repeated: {},
        files: {},
        refused: [],
      },
      stations: {
        verdicts: { accepted: 3 },
        positions: {},
        repeated: {},
        files: { f1: 3 },
        refused: [],
      },
    },
    silver: {
      readings: { rows: 6, missing: 0, extra: 0, doubled: 0, some: [] },
    },
    gold: { days: { rows: 2, keys: [["a"], ["b"]] } },
  },
  served: [
    {
      sink: "cosmos",
      documents: new Map([["days", { count: 1, names: new Set(["a:a"]) }]]),
      refused: { counted: 1, byTable: { days: 1 } },
    },
  ],
};

test("skipped events, refused documents and events that others sent are no differences", () => {
  expect(findDifferences(figures)).toEqual([]);
});

test("without its skip the log lacks the events, and without its refusal Cosmos lacks the document", () => {
  const [served] = figures.served;
  expect(
    findDifferences({
      ...figures,
      accounts: { ...figures.accounts, skipped: {} },
      served: served
        ? [{ ...served, refused: { counted: 0, byTable: {} } }]
        : [],
    }),
  ).toEqual([
    "The log of readings lacks 4 events of g/0: 6–9.",
    "Cosmos lacks 1 documents of days: b:b.",
  ]);
});

test("fewer events in the hub than were sent are a difference", () => {
  const streams = figures.streams.map((one) => ({ ...one, sent: 11 }));
  expect(findDifferences({ ...figures, streams })).toEqual([
    "11 events were sent, the hub has 10.",
  ]);
});

test("an account that the log does not bear out, and one whose parts are not its sum, are differences", () => {
  const sources = {
    readings: { ...account, received: 10, accepted: 5, skipped: 4 },
  };
  expect(
    findDifferences({ ...figures, accounts: { ...figures.accounts, sources } }),
  ).toEqual([
    "The batches account for 5 events of readings as accepted, the log has 6.",
    "The batches received 10 events of readings, and say of 9 what became of them.",
  ]);
});

test("rows that silver lacks, has too many or has twice, and rows that a log has twice, are differences", () => {
  const [log] = Object.values(figures.tables.sources);
  const rows = { rows: 6, missing: 2, extra: 1, doubled: 3, some: ["a", "b"] };
  const tables = {
    ...figures.tables,
    sources: {
      ...figures.tables.sources,
      ...(log ? { readings: { ...log, repeated: { "g/0": 4 } } } : {}),
    },
    silver: { readings: rows },
  };
  expect(findDifferences({ ...figures, tables })).toEqual([
    "The log of readings has 4 rows of g/0 more than once.",
    "Silver's readings lacks 2 rows that its log has: a, b.",
    "Silver's readings has 1 rows too many.",
    "Silver's readings has 3 rows more than once.",
  ]);
});

test("a refused document that the sink's head does not count is a difference", () => {
  const served = figures.served.map((one) => ({
    ...one,
    refused: { ...one.refused, counted: 2 },
  }));
  expect(findDifferences({ ...figures, served })).toEqual([
    "The sink cosmos counts 2 refused documents, 1 lie in the lake.",
  ]);
});

test("accounts are the sums of the batches' ends; a batch that was skipped before silver gives its positions", async () => {
  const root = "_assay/pipelines/weather/batches";
  const slice = { source: "readings", generation: "g", partition: "0" };
  write(`${root}/0000000001/process.json`, {
    sources: { readings: { ...account, received: 6, accepted: 6 } },
  });
  write(`${root}/0000000002/skipped.json`, {
    sources: {
      readings: { received: 4, skipped: 4 },
      stations: { received: 0, skipped: 0, files: 1 },
    },
  });
  write(`${root}/0000000002/manifest.json`, {
    slices: [
      { ...slice, from: 6, to: 7 },
      { ...slice, from: 8, to: 9 },
    ],
    files: [{ id: "f2" }],
  });
  write(`${root}/0000000003/manifest.json`, { slices: [], files: [] });
  const accounts = await readAccounts(dir, "weather");
  expect(accounts.sources["readings"]).toEqual({
    ...account,
    received: 10,
    accepted: 6,
    skipped: 4,
  });
  expect(accounts.skipped["readings"]).toEqual(new Map([["g/0", [[6, 9]]]]));
  expect([...accounts.skippedFiles]).toEqual(["f2"]);
});

test("a file that was refused as a whole is one row of the log, whatever it holds", () => {
  const files = new Map([["f1", { source: "stations", rows: 30_000 }]]);
  const stations = { ...figures.tables.sources["stations"] };
  const told = (refused: readonly string[]): string[] => {
    const log = {
      verdicts: {},
      positions: {},
      repeated: {},
      ...stations,
      files: { f1: 1 },
      refused,
    };
    const tables = {
      ...figures.tables,
      sources: { ...figures.tables.sources, stations: log },
    };
    return findDifferences({ ...figures, files, tables });
  };
  const difference = "The file f1 of stations has 30000 rows, the log has 1.";
  expect(told([])).toContain(difference);
  expect(told(["f1"])).not.toContain(difference);
});

test("ranges are joined where they touch", () => {
  expect(
    union(
      [[5, 6]],
      [
        [1, 2],
        [3, 4],
        [9, 9],
      ],
    ),
  ).toEqual([
    [1, 6],
    [9, 9],
  ]);
});

test("the figures are rows of one pipeline, and all pipelines have one verdict", () => {
  const text = renderFigures({ ...figures, differences: [] });
  expect(text).toMatch(/^weather:$/m);
  expect(text).toMatch(/events sent\s+8/);
  expect(text).toMatch(/skipped\s+4/);
  expect(text).toMatch(/refused\s+1/);
  expect(renderVerdict([{ ...figures, differences: [] }])).toBe(
    "The books balance.",
  );
  expect(renderVerdict([{ ...figures, differences: ["One."] }])).toBe(
    "The books do not balance:\n  weather: One.",
  );
});
