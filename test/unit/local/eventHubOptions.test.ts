import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostJson } from "../../../local/src/functionsHost/app/hostJson.ts";
import {
  batchOptions,
  mostHeld,
} from "../../../local/src/functionsHost/triggers/eventHubs/options.ts";

const dir = mkdtempSync(join(tmpdir(), "assay-hostJson-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** How many events of one partition are held at most, where one weighs so many bytes. */
function held(
  eventHubs: Readonly<Record<string, number>>,
  meanBytes = 1000,
): number {
  writeFileSync(
    join(dir, "host.json"),
    JSON.stringify({ extensions: { eventHubs } }),
  );
  return mostHeld(batchOptions(HostJson.read(dir, {})), meanBytes);
}

test("the extension fetches 300 events ahead where nothing is said, however many a batch has", () => {
  expect(held({})).toBe(300);
  expect(held({ maxEventBatchSize: 2048 })).toBe(300);
  expect(held({ prefetchCount: 40 })).toBe(40);
});

test("with bytes the count counts no more, and at most 500 are asked for", () => {
  expect(held({ prefetchCount: 40, prefetchSizeInBytes: 100_000 })).toBe(100);
  expect(held({ prefetchCount: 40, prefetchSizeInBytes: 1e9 })).toBe(500);
  expect(held({ prefetchSizeInBytes: 100 })).toBe(1);
});

test("a count says nothing of bytes", () => {
  expect(held({ prefetchCount: 4096 }, 1024 * 1024)).toBe(4096);
});

test("those that a batch waits for come on top", () => {
  expect(held({ minEventBatchSize: 1024, prefetchCount: 40 })).toBe(1063);
  expect(held({ minEventBatchSize: 11, prefetchSizeInBytes: 5000 })).toBe(15);
});

test("where nothing is fetched ahead, a read asks for a batch", () => {
  expect(held({ prefetchCount: 0, maxEventBatchSize: 64 })).toBe(64);
});
