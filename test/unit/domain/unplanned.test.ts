import type { InputStatus } from "../../../src/domain/records.ts";
import { unplannedSince, type Work } from "../../../src/domain/unplanned.ts";

const [EARLY, LATER, NOW] = ["T08", "T09", "T10"] as const;
const BEFORE = { after: 3, since: EARLY };
const STILL = { after: 3 };

/** A look behind batch 3 that found nothing to take. */
const aLook = (more: Partial<InputStatus> = {}): InputStatus => ({
  version: 3,
  at: LATER,
  newestBatch: 3,
  waitingEvents: 0,
  waitingFiles: 0,
  isFull: false,
  gaps: [],
  ...more,
});

test.each<[string, Work, typeof BEFORE | undefined, InputStatus | undefined]>([
  ["goes on behind the same batch", STILL, BEFORE, undefined],
  ["goes on while nobody knows", "unknown", BEFORE, undefined],
  [
    "goes on where a look found events",
    STILL,
    BEFORE,
    aLook({ waitingEvents: 1 }),
  ],
  [
    "goes on where a look found files",
    STILL,
    BEFORE,
    aLook({ waitingFiles: 1 }),
  ],
  ["goes on where a look closed a gap", STILL, BEFORE, aLook({ gapEvents: 1 })],
  [
    "goes on where a batch is asked for",
    STILL,
    BEFORE,
    aLook({ askedSince: LATER }),
  ],
  [
    "goes on where the look is an older one",
    STILL,
    BEFORE,
    aLook({ at: EARLY }),
  ],
  [
    "goes on where the look is of another batch",
    STILL,
    BEFORE,
    aLook({ newestBatch: 2 }),
  ],
])("the time of the first sweep %s", (_, work, before, seen) => {
  expect(unplannedSince(work, before, seen, NOW)).toBe(before);
});

test.each<[string, Work, typeof BEFORE | undefined, InputStatus | undefined]>([
  ["the first sweep that finds work", STILL, undefined, undefined],
  [
    "a batch that was planned since",
    STILL,
    { after: 2, since: EARLY },
    undefined,
  ],
  ["a look that found nothing to take", STILL, BEFORE, aLook()],
])("it begins anew with %s", (_, work, before, seen) => {
  expect(unplannedSince(work, before, seen, NOW)).toEqual({
    after: 3,
    since: NOW,
  });
});

test("before the first batch a look names none", () => {
  const before = { after: 0, since: EARLY };
  const { newestBatch, ...first } = aLook();
  expect(newestBatch).toBe(3);
  expect(unplannedSince({ after: 0 }, before, first, NOW)).toEqual({
    after: 0,
    since: NOW,
  });
});

test.each<Work>(["none", "begun"])("where work is %s nothing waits", (work) => {
  expect(unplannedSince(work, BEFORE, undefined, NOW)).toBeUndefined();
});
