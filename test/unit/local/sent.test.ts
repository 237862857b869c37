import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noteSent, readSent } from "../../../local/src/reconciliation/sent.ts";
import { sentBySample } from "../../../local/src/sample/index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-sent-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("what people send is counted by hub, events of a file too", () => {
  noteSent(dir, "weather", 1);
  noteSent(dir, "weather", 20_000);
  noteSent(dir, "tides", 3);
  expect(readSent(dir)).toEqual({ weather: 20_001, tides: 3 });
});

test("the sample has sent to its own hub only", () => {
  mkdirSync(join(dir, "sample"));
  const played = { before: { "0": 5 }, sent: { "0": 7, "1": 8 } };
  writeFileSync(
    join(dir, "sample", "played.json"),
    JSON.stringify({ ...played, isComplete: true }),
  );
  noteSent(dir, "weather", 2);
  expect(sentBySample(dir, "flights")).toBe(15);
  expect(sentBySample(dir, "weather")).toBeUndefined();
});
