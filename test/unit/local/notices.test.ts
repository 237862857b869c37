import {
  changesSince,
  thoseThatStood,
} from "../../../local/src/cli/tellNotices.ts";
import {
  degradations,
  standstills,
} from "../../../local/src/platform/notices.ts";
import { blockedBatch } from "../../../local/src/platform/batches.ts";

const batch = { what: "Batch 2 of weather", text: "It is blocked." };
const sink = { what: "The sink bell of weather", text: "It is blocked, too." };

test("what comes to stand still is told once, and so is that it goes on", () => {
  expect(changesSince([], [batch])).toEqual(["It is blocked."]);
  expect(changesSince([batch], [batch, sink])).toEqual(["It is blocked, too."]);
  expect(changesSince([batch, sink], [sink])).toEqual([
    "Batch 2 of weather goes on.",
  ]);
});

test("rows that do not arrive are told in the API's words, once however their number changes, and so is the end of it", () => {
  const found = (rows: number) =>
    degradations("weather", {
      state: "degraded",
      sinks: {},
      remarks: [
        {
          about: "quarantined",
          place: "source readings",
          text: `source readings: ${rows} of the newest ${rows} rows are in quarantine (batch 1).`,
        },
      ],
    });
  expect(changesSince([], found(7))).toEqual([
    "The pipeline weather is degraded.\n  source readings: 7 of the newest 7 rows are in quarantine (batch 1).",
  ]);
  expect(changesSince(found(7), found(9))).toEqual([]);
  expect(changesSince(found(9), [])).toEqual([
    "The pipeline weather, source readings: no longer too many are quarantined.",
  ]);
  expect(degradations("weather", { state: "ok", sinks: {} })).toEqual([]);
});

test("what keeps a pipeline back without a blocked batch is told in health's words, and a well one says nothing", () => {
  const view = (state: string, detail?: string) =>
    standstills("weather", {
      ...{ state, sinks: {} },
      ...(detail === undefined ? {} : { detail }),
    });
  const gap = view("gap", "0 to 14 are not in bronze");
  expect(changesSince([], gap)).toEqual([
    "The pipeline weather is in the state gap: 0 to 14 are not in bronze\n  docs/operations.md says of each state what frees it.",
  ]);
  expect(changesSince(gap, [])).toEqual([
    "The pipeline weather is no longer in the state gap.",
  ]);
  expect(view("unreachable")[0]?.text).toContain("no more is known");
  expect(view("ok")).toEqual([]);
  expect(view("blocked", "batch 1")).toEqual([]);
});

test("what may be of the time before a start is told once it has stood for a while, and anything else at once", () => {
  const gap = standstills("weather", { state: "gap", sinks: {} });
  const standing = new Map<string, number>();
  const told = (found: typeof gap, seconds: number) =>
    thoseThatStood(found, standing, seconds * 1_000);
  expect(told([...gap, batch], 0)).toEqual([batch]);
  expect(told(gap, 89)).toEqual([]);
  expect(told(gap, 90)).toEqual(gap);
  expect(told([], 91)).toEqual([]);
  expect(told(gap, 200)).toEqual([]);
});

const blocked = (reason: "input" | "job", retryAt?: string) =>
  blockedBatch("weather", {
    batch: 2,
    state: "blocked",
    definition: "d",
    ends: {},
    blocked: {
      ...{ definition: "d", reason, code: "C", message: "m" },
      ...{ file: "gold/days.sql", line: 15 },
      ...(retryAt === undefined ? {} : { retryAt }),
    },
  });

test("a blocked batch is told with its reason, its place, whose fault it is and what frees it", () => {
  expect(blocked("input")).toBe(
    [
      "Batch 2 of weather is blocked: C",
      "  m",
      "  pipelines/weather/gold/days.sql:15",
      "At fault is the pipeline or what it was given; nothing is lost.",
      "Correct the file and start again: the batch goes on from here.",
      "npm run skip -- weather 2 goes on without it.",
    ].join("\n"),
  );
  expect(blocked("job", "12:00")).toContain(
    "At fault is the job or what it runs on; nothing is lost.\nIt is tried again at 12:00",
  );
});
