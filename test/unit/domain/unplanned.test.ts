import type { InputStatus } from "../../../src/domain/records.ts";
import {
  unplannedSince,
  type Since,
  type Work,
} from "../../../src/domain/unplanned.ts";

const EARLY = "2026-01-01T08:00:00.000Z";
const LATER = "2026-01-01T08:59:30.000Z";
const NOW = "2026-01-01T09:00:00.000Z";
const BEFORE = { after: 3, since: EARLY };
const STILL = { after: 3 };

/** The sweep before ran a minute ago. */
const known = (more: Partial<Since>): Since => ({
  sweptAt: "2026-01-01T08:59:00.000Z",
  seen: undefined,
  failedAt: undefined,
  ...more,
});

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
  expect(unplannedSince(work, before, NOW, known({ seen }))).toBe(before);
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
  expect(unplannedSince(work, before, NOW, known({ seen }))).toEqual({
    after: 3,
    since: NOW,
  });
});

test("before the first batch a look names none", () => {
  const before = { after: 0, since: EARLY };
  const { newestBatch, ...first } = aLook();
  expect(newestBatch).toBe(3);
  expect(
    unplannedSince({ after: 0 }, before, NOW, known({ seen: first })),
  ).toEqual({
    after: 0,
    since: NOW,
  });
});

test.each<Work>(["none", "begun"])("where work is %s nothing waits", (work) => {
  expect(unplannedSince(work, BEFORE, NOW, known({}))).toBeUndefined();
});

test("a plan that failed since then has taken nothing, whatever its look found", () => {
  const failed = known({ seen: aLook(), failedAt: LATER });
  expect(unplannedSince(STILL, BEFORE, NOW, failed)).toBe(BEFORE);
  const before = known({ seen: aLook(), failedAt: EARLY });
  expect(unplannedSince(STILL, BEFORE, NOW, before)?.since).toBe(NOW);
});

test("where no sweep ran for more than ten minutes the time begins anew: nothing ran", () => {
  const rested = (sweptAt: string) =>
    unplannedSince(STILL, BEFORE, NOW, known({ sweptAt }))?.since;
  expect(rested("2026-01-01T08:50:00.000Z")).toBe(EARLY);
  expect(rested("2026-01-01T08:49:59.999Z")).toBe(NOW);
});
