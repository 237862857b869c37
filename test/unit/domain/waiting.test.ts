import {
  decide,
  isBehind,
  type NewestBatch,
  type Survey,
} from "../../../src/domain/waiting.ts";

const at = (seconds: number): string =>
  new Date(Date.parse("2026-01-01T00:10:00Z") + seconds * 1000).toISOString();

const aNewest = (
  state: NewestBatch["state"],
  definition: string,
): NewestBatch => ({ batch: 4, createdAt: at(-900), state, definition });

const aSurvey = (more: Partial<Survey> = {}): Survey => ({
  at: at(0),
  batching: {
    quietForSeconds: 3,
    atMostSeconds: 300,
    maxEvents: 1000,
    maxFiles: 10,
  },
  definition: "new",
  newest: aNewest("done", "new"),
  waiting: { events: 0, files: 0 },
  ahead: 0,
  landing: 0,
  gaps: [],
  ...more,
});

const events = (firstAgo: number, lastAgo: number, count = 5) => ({
  waiting: {
    events: count,
    files: 0,
    firstAt: at(-firstAgo),
    lastAt: at(-lastAgo),
  },
});

test("a watcher with nothing to do ends", () => {
  expect(decide(aSurvey())).toEqual({ kind: "end", why: "idle" });
});

test("a batch begins when it has been quiet for as long as the pipeline says", () => {
  expect(decide(aSurvey(events(5, 3)))).toEqual({ kind: "run" });
  expect(decide(aSurvey(events(5, 1)))).toEqual({ kind: "wait", seconds: 2 });
});

test("a batch begins when the first arrival has waited its longest, quiet or not", () => {
  expect(
    decide(aSurvey({ ...events(300, 0), ahead: 10, lastEnqueuedAt: at(0) })),
  ).toEqual({ kind: "run" });
});

test("a full batch begins at once", () => {
  expect(decide(aSurvey(events(1, 0, 1000)))).toEqual({ kind: "run" });
});

test("while events are on their way from the hub, or a drop is about to be claimed, a batch waits", () => {
  expect(
    decide(aSurvey({ ...events(10, 9), ahead: 7, lastEnqueuedAt: at(-9) }))
      .kind,
  ).toBe("wait");
  expect(decide(aSurvey({ ...events(10, 9), landing: 1 })).kind).toBe("wait");
});

test("events that never come from the hub hold nobody up for long", () => {
  expect(
    decide(aSurvey({ ...events(10, 9), ahead: 7, lastEnqueuedAt: at(-90) })),
  ).toEqual({ kind: "run" });
  const gaps = [
    { hub: "h", generation: "g", partition: "0", from: 1, to: 2, isLost: true },
  ];
  expect(decide(aSurvey({ ahead: 7, lastEnqueuedAt: at(-90), gaps }))).toEqual({
    kind: "end",
    why: "gap",
  });
});

test("a batch that is not done is run before anything is planned", () => {
  expect(decide(aSurvey({ newest: aNewest("unfinished", "old") }))).toEqual({
    kind: "run",
  });
});

test("a blocked batch stays so until its definition changes or its time has come", () => {
  const blocked = aNewest("blocked", "new");
  expect(decide(aSurvey({ newest: blocked, ...events(500, 400) }))).toEqual({
    kind: "end",
    why: "blocked",
  });
  expect(
    decide(aSurvey({ newest: { ...blocked, definition: "old" } })),
  ).toEqual({ kind: "run" });
  expect(decide(aSurvey({ newest: { ...blocked, retryAt: at(1) } }))).toEqual({
    kind: "end",
    why: "blocked",
  });
  expect(decide(aSurvey({ newest: { ...blocked, retryAt: at(-1) } }))).toEqual({
    kind: "run",
  });
});

test("another definition makes a batch due without new input, and the first of all batches needs input", () => {
  expect(decide(aSurvey({ newest: aNewest("done", "old") }))).toEqual({
    kind: "run",
  });
  const fresh = aSurvey();
  Reflect.deleteProperty(fresh, "newest");
  expect(decide(fresh)).toEqual({ kind: "end", why: "idle" });
});

test("a clock that runs ahead makes nobody wait longer than asked for", () => {
  expect(decide(aSurvey(events(-60, -60)))).toEqual({
    kind: "wait",
    seconds: 3,
  });
});

test("a hub whose events nobody lands is told apart from one that is idle", () => {
  const stuck = aSurvey({ ahead: 7, lastEnqueuedAt: at(-60) });
  expect(decide(stuck)).toEqual({ kind: "end", why: "behind" });
  expect(isBehind(stuck)).toBe(true);
  expect(isBehind(aSurvey({ ahead: 7, lastEnqueuedAt: at(-59) }))).toBe(false);
  // What a full batch leaves in bronze is not behind.
  expect(isBehind({ ...stuck, ...events(5, 3, 1000) })).toBe(false);
});
