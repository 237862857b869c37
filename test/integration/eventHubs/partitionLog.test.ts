import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import type { Position } from "../../../local/src/services/eventHubs/amqp/annotations.ts";
import type { Entry } from "../../../local/src/services/eventHubs/log/frame.ts";
import {
  PartitionLog,
  type Cursor,
} from "../../../local/src/services/eventHubs/log/partitionLog.ts";

/** What the log should hold: the model. */
interface Stored {
  readonly text: string;
  readonly at: number;
}

const entry = (text: string): Entry => ({
  maxBytes: text.length,
  write: (into, start) => start + into.write(text, start, "latin1"),
});

const small = { segmentBytes: 300, tailBytes: 200 };
const dirs: string[] = [];
function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "assay-log-"));
  dirs.push(dir);
  return dir;
}
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true });
});
const texts = fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 60 }), {
  minLength: 1,
  maxLength: 5,
});

function readFrom(log: PartitionLog, start: Cursor, most: number): string[] {
  const found: string[] = [];
  let cursor = start;
  for (;;) {
    const slice = log.read(cursor, most);
    if (!slice) return found;
    expect(slice.ranges.length).toBeLessThanOrEqual(2 * most);
    for (let index = 0; index < slice.ranges.length; index += 2)
      found.push(
        slice.bytes.toString(
          "latin1",
          slice.ranges[index],
          slice.ranges[index + 1],
        ),
      );
    cursor = slice.next;
    expect(cursor.sequence).toBe(start.sequence + found.length);
  }
}

function expectSame(log: PartitionLog, model: readonly Stored[], most: number) {
  const all = model.map(({ text }) => text);
  expect(log.nextSequence).toBe(model.length);
  expect(readFrom(log, log.earliest, most)).toEqual(all);
  expect(readFrom(log, log.latest, most)).toEqual([]);
  let last: Position | undefined;
  for (let from = 0; from <= model.length; from += 1) {
    const cursor = log.seek((event) => {
      if (event.sequence === from) last = event;
      return event.sequence < from;
    });
    expect(cursor.sequence).toBe(from);
    expect(readFrom(log, cursor, most)).toEqual(all.slice(from));
    if (from === model.length) break;
    const offset = last?.offset ?? NaN;
    expect(log.seek((event) => event.offset < offset).sequence).toBe(from);
    expect(log.seek((event) => event.offset <= offset).sequence).toBe(from + 1);
  }
  for (const at of new Set(model.map((event) => event.at)))
    expect(log.seek((event) => event.at <= at).sequence).toBe(
      model.filter((event) => event.at <= at).length,
    );
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ append: texts, afterMs: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant("reopen" as const) },
  { weight: 1, arbitrary: fc.record({ cut: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      garbage: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    }),
  },
);

it("whatever is appended, reopened or torn: the log reads as its whole frames, from any position", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 1, max: 7 }),
      (steps, most) => {
        const dir = newDir();
        let log = new PartitionLog(dir, small);
        let frames: Stored[][] = [];
        let now = 1000;
        const newest = (): string =>
          join(dir, readdirSync(dir).sort().at(-1) ?? "");
        for (const action of steps) {
          if (typeof action === "object" && "append" in action) {
            now += action.afterMs;
            log.append(action.append.map(entry), now);
            frames.push(action.append.map((text) => ({ text, at: now })));
            continue;
          }
          log.close();
          if (typeof action === "object" && frames.length > 0) {
            if ("garbage" in action) appendFileSync(newest(), action.garbage);
            else {
              // At most one frame is torn: every frame is longer than what is cut, and files hold whole frames.
              const { size } = statSync(newest());
              if (size > 0) {
                truncateSync(
                  newest(),
                  Math.max(0, size - Math.min(action.cut, 24)),
                );
                frames = frames.slice(0, -1);
              }
            }
          }
          log = new PartitionLog(dir, small);
        }
        expectSame(log, frames.flat(), most);
        log.close();
        log = new PartitionLog(dir, small);
        expectSame(log, frames.flat(), most);
        log.close();
      },
    ),
    { numRuns: 60 },
  );
});

/** What buffers hold that something still refers to. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  // The second one waits for what the first one left to another thread.
  collect();
  return process.memoryUsage().arrayBuffers;
}

it("events that were read once are not kept in memory", () => {
  const log = new PartitionLog(newDir());
  const body = "x".repeat(1000);
  const batch = Array.from({ length: 1000 }, () => entry(body));
  const write = (): void => {
    for (let index = 0; index < 40; index += 1) log.append(batch, 1);
  };
  write();
  const before = heldBytes();
  write();
  write();
  expect(readFrom(log, log.earliest, 1000)).toHaveLength(120_000);
  expect(heldBytes() - before).toBeLessThan(16_000_000);
  log.close();
});

it("an event larger than what is read at once, or than the tail, comes back whole", () => {
  const log = new PartitionLog(newDir());
  const large = "y".repeat(1_048_576);
  log.append([entry("a"), entry(large), entry("b")], 1);
  log.append([entry("c")], 2);
  expect(readFrom(log, log.earliest, 10)).toEqual(["a", large, "b", "c"]);
  log.close();
});
