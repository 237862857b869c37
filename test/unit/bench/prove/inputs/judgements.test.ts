/** What the proof of the inputs looks for: each judgement is given what is right, and then the fault that it is for. */
import { judgeEvents } from "../../../../../bench/prove/inputs/judgeEvents.ts";
import { judgeFiles } from "../../../../../bench/prove/inputs/judgeFiles.ts";
import { judgeHealth } from "../../../../../bench/prove/inputs/judgeHealth.ts";
import { compareInstants } from "../../../../../bench/prove/inputs/judgeServed.ts";
import { textCell } from "../../../../../bench/prove/inputs/oracle/cells.ts";
import { parseExactly } from "../../../../../bench/prove/inputs/oracle/exactJson.ts";
import type { Row } from "../../../../../bench/prove/inputs/readTables.ts";
import { Tally } from "../../../../../bench/prove/inputs/tally.ts";
import type {
  EventVector,
  FileVector,
  Wanted,
} from "../../../../../bench/prove/inputs/vectors.ts";

const integer = (value: number): unknown => ({ integer: String(value) });
const bytes = (text: string): unknown => ({
  bytes: Buffer.from(text).toString("base64"),
});

const BROKEN = '{"device":1}';
const broken = { path: "device", problem: "type string", value: "1" };
const refused: Wanted = { refused: /^device: type string$/u, place: "device" };

const aRow = (place: string, sequence: number, more: Row): Row => ({
  ...{ _batch: integer(1), _partition: place, _sequence: integer(sequence) },
  ...more,
});
const quarantined: Row = {
  ...{ _verdict: "quarantined", _reason: "device: type string" },
  ...{ _problems: [broken], _body: bytes(BROKEN) },
};

describe("events", () => {
  const vectors: EventVector[] = [
    {
      ...{ kind: "k", name: "good", body: Buffer.from("{}") },
      rows: new Map([[0, { accepted: { device: "text d" } }]]),
    },
    {
      ...{ kind: "k", name: "bad", body: Buffer.from(BROKEN) },
      rows: new Map([[0, refused]]),
    },
  ];
  const good = aRow("0", 0, { _verdict: "accepted" });
  const bad = aRow("0", 1, quarantined);
  const silver = aRow("0", 0, { device: "d" });

  const failuresOf = (log: Row[], rows: Row[] = [silver]): string => {
    const tally = new Tally();
    judgeEvents(tally, "readings", vectors, log, rows);
    return tally.failures.join(" ");
  };

  test("what was taken as it was sent, and refused with its place and reason, is right", () => {
    expect(failuresOf([good, bad])).toBe("");
  });

  test.each<[string, Row[], Row[] | undefined, string]>([
    ["an event without a row", [good], undefined, "no row of it"],
    [
      "a row that nobody sent",
      [good, bad, aRow("0", 2, quarantined)],
      undefined,
      "nobody sent",
    ],
    ["a row twice", [good, bad, bad], undefined, "twice in its log"],
    ["silver without the row", [good, bad], [], "silver has no row of it"],
    [
      "silver with a row too much",
      [good, bad],
      [silver, aRow("0", 7, {})],
      "its log does not",
    ],
    [
      "another value in silver",
      [good, bad],
      [aRow("0", 0, { device: "D" })],
      "device is text D",
    ],
    [
      "a bad event that is taken",
      [good, aRow("0", 1, { _verdict: "accepted" })],
      undefined,
      "not refused",
    ],
    [
      "a good event that is refused",
      [aRow("0", 0, quarantined), bad],
      undefined,
      "not accepted",
    ],
    [
      "a refusal without problems",
      [good, { ...bad, _problems: [] }],
      undefined,
      "where and what",
    ],
    [
      "a problem without a place",
      [good, { ...bad, _problems: [{ ...broken, path: "" }] }],
      undefined,
      "where and what",
    ],
    [
      "a problem without a reason",
      [good, { ...bad, _problems: [{ ...broken, problem: "" }] }],
      undefined,
      "where and what",
    ],
    [
      "another place",
      [
        good,
        {
          ...bad,
          _problems: [{ path: "dev", problem: "ice: type string" }],
        },
      ],
      undefined,
      "where and what",
    ],
    [
      "another reason",
      [good, { ...bad, _reason: "device: required" }],
      undefined,
      "not refused for",
    ],
    [
      "a quarantine that lost the body",
      [good, { ...bad, _body: null }],
      undefined,
      "its body as it was",
    ],
  ])("%s is told", (_name, log, rows, told) => {
    expect(failuresOf(log, rows)).toContain(told);
  });

  test("a property with a colon in its name is not cut there", () => {
    const vector: EventVector = {
      ...{ kind: "k", name: "colon", body: Buffer.from(BROKEN) },
      rows: new Map([[0, { refused: /^a: b: required$/u, place: "a: b" }]]),
    };
    const failures = (path: string, problem: string): string[] => {
      const tally = new Tally();
      const row = { ...quarantined, _reason: "a: b: required" };
      const log = [aRow("0", 0, { ...row, _problems: [{ path, problem }] })];
      judgeEvents(tally, "readings", [vector], log, []);
      return tally.failures;
    };
    expect(failures("a: b", "required")).toEqual([]);
    expect(failures("a", "b: required")).toHaveLength(1);
  });
});

describe("files", () => {
  const file = (name: string, wanted: FileVector["wanted"]): FileVector => ({
    ...{ kind: "k", source: "plain", name, wanted },
    bytes: Buffer.alloc(0),
  });
  const anna = { rows: [{ accepted: { id: "text 1" } }] };
  const first = [
    file("a.csv", anna),
    file("zip.csv", { refused: /^file: it is a zip/u }),
    file("none.csv", { rows: [] }),
    file("empty.csv", { left: /empty/u }),
  ];
  const second = [file("a.csv", { rows: [{ accepted: { id: "text 2" } }] })];
  const zip = {
    ...{ _verdict: "quarantined", _reason: "file: it is a zip archive" },
    _problems: [{ path: "file", problem: "it is a zip archive" }],
  };
  const log = {
    a: aRow("a.csv", 1, { _verdict: "accepted" }),
    zip: aRow("zip.csv", 1, zip),
    none: aRow("none.csv", 0, { _verdict: "empty" }),
    again: aRow("a.csv", 1, { _verdict: "accepted", _batch: integer(2) }),
  };
  const old = aRow("a.csv", 1, { id: "1" });
  const replaced = aRow("a.csv", 1, { id: "2", _batch: integer(2) });

  const failuresOf = (rows: Partial<typeof log>, silver: Row[]): string => {
    const tally = new Tally();
    judgeFiles(tally, "plain", [first, second], 1, {
      log: Object.values({ ...log, ...rows }),
      silver,
    });
    return tally.failures.join(" ");
  };

  test("what was read, refused, empty, left and dropped again is right", () => {
    expect(failuresOf({}, [replaced])).toBe("");
  });

  test.each<[string, Partial<typeof log>, Row[], string]>([
    [
      "a file that is not refused",
      { zip: aRow("zip.csv", 1, { _verdict: "accepted" }) },
      [replaced],
      "not refused for",
    ],
    [
      "a refusal that does not say where",
      { zip: { ...log.zip, _problems: [{ path: "", problem: "zip" }] } },
      [replaced],
      "where and what",
    ],
    [
      "a file without a trace",
      { none: aRow("a.csv", 0, { _verdict: "empty" }) },
      [replaced],
      "nothing of it",
    ],
    [
      "a file that is no input and is read",
      { none: aRow("empty.csv", 1, { _verdict: "accepted" }) },
      [replaced],
      "it is in the log",
    ],
    [
      "a file that nobody dropped",
      { none: aRow("b.csv", 1, { _verdict: "accepted" }) },
      [replaced],
      "nobody dropped",
    ],
    ["a row that is not replaced", {}, [old, replaced], "has replaced it"],
    ["a row that replaces nothing", {}, [old], "silver has no row of it"],
    ["a row twice", {}, [replaced, replaced], "twice"],
    [
      "a row of no file",
      {},
      [replaced, aRow("b.csv", 1, { _batch: integer(2) })],
      "its log does not",
    ],
  ])("%s is told", (_name, rows, silver, told) => {
    expect(failuresOf(rows, silver)).toContain(told);
  });
});

describe("health", () => {
  const left = (name: string, copied: "now" | "old"): FileVector => ({
    ...{ kind: "left", source: "plain", name, copied },
    ...{ bytes: Buffer.alloc(0), wanted: { left: /empty/u } },
  });
  const files = [left("new.csv", "now"), left("old.csv", "old")];
  const named = (name: string, reason: string): object => ({
    path: `landing/plain/${name}`,
    reason,
  });
  const answers = {
    notTaken: 1,
    setAside: 1,
    first: named("new.csv", "It is empty."),
    lastSetAside: named("old.csv", "It is empty."),
  };

  const failuresOf = async (
    more: object,
    state = "degraded",
  ): Promise<string[]> => {
    const told = { ...answers, ...more };
    const { notTaken, setAside } = told;
    const bodies: Readonly<Record<string, object>> = {
      "/api/health": {
        pipelines: {
          usual: { state: "ok", files: { notTaken, setAside } },
          oddities: { state, detail: "something waits" },
        },
      },
      "/api/pipelines/usual": { files: told },
    };
    const ask = (path: string) =>
      Promise.resolve({
        status: 200,
        body: parseExactly(JSON.stringify(bodies[path])),
      });
    const tally = new Tally();
    await judgeHealth(tally, { ask }, files, 0);
    return tally.failures;
  };

  test("files that are counted, and named with their reasons, are right", async () => {
    expect(await failuresOf({})).toEqual([]);
  });

  test.each([
    ["one is not counted", { notTaken: 0 }],
    ["one that is set aside is not counted", { setAside: 0 }],
    ["one too many is counted", { setAside: 2 }],
    ["none is named", { first: undefined }],
    ["a file without a fault is named", { first: named("a.csv", "empty") }],
    ["no reason is given", { lastSetAside: named("old.csv", "") }],
  ])("%s: that is told", async (_name, more) => {
    expect(await failuresOf(more)).toHaveLength(1);
  });

  test("a pipeline that is said to stand still is told", async () => {
    expect(await failuresOf({}, "notPlanned")).toEqual([
      "Health says of oddities, which is idle: notPlanned, something waits.",
    ]);
  });
});

describe("the time of an event", () => {
  const failuresOf = (at: string, told: string): string[] =>
    compareInstants([{ at: textCell(at), event_at: textCell(told) }]);

  test.each([
    ["2026-03-01T09:00:00+05:30", "2026-03-01T03:30:00.000000Z"],
    ["2026-03-01T09:00:00.1234567-01:00", "2026-03-01T10:00:00.123456Z"],
    ["1582-10-10T00:00:00Z", "1582-10-10T00:00:00.000000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"],
  ])("%s is read rightly as %s", (at, told) => {
    expect(failuresOf(at, told)).toEqual([]);
  });

  test.each([
    ["2026-03-01T09:00:00+05:30", "2026-03-01T09:00:00.000000Z"],
    ["2026-03-01T09:00:00.5Z", "2026-03-01T09:00:00.000000Z"],
    ["1582-10-10T00:00:00Z", "1582-10-20T00:00:00.000000Z"],
  ])("%s is told when it is read as %s", (at, told) => {
    expect(failuresOf(at, told)).toHaveLength(1);
  });
});
