import {
  decide,
  isBehind,
  type NewestBatch,
  type PipelineStatus,
} from "../../../src/domain/waiting.ts";

const at = (seconds: number): string =>
  new Date(Date.parse("2026-01-01T00:10:00Z") + seconds * 1000).toISOString();

const aNewest = (
  state: NewestBatch["state"],
  definition: string,
): NewestBatch => ({ batch: 4, createdAt: at(-900), state, definition });

const aStatus = (more: Partial<PipelineStatus> = {}): PipelineStatus => ({
  at: at(0),
  batching: {
    quietForSeconds: 3,
    atMostSeconds: 300,
    maxEvents: 1000,
    maxFiles: 10,
  },
  definition: "new",
  newest: aNewest("ended", "new"),
  waiting: { events: 0, files: 0 },
  arrivingEvents: 0,
  unclaimedFiles: 0,
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
  expect(decide(aStatus())).toEqual({ kind: "end", why: "idle" });
});

test("a batch begins when it has been quiet for as long as the pipeline says", () => {
  expect(decide(aStatus(events(5, 3)))).toEqual({ kind: "run" });
  expect(decide(aStatus(events(5, 1)))).toEqual({ kind: "wait", seconds: 2 });
});

test("a batch begins when the first arrival has waited its longest, quiet or not", () => {
  expect(
    decide(
      aStatus({
        ...events(300, 0),
        arrivingEvents: 10,
        lastEnqueuedAt: at(0),
      }),
    ),
  ).toEqual({ kind: "run" });
});

test("a full batch begins at once", () => {
  expect(decide(aStatus(events(1, 0, 1000)))).toEqual({ kind: "run" });
});

test("while events are on their way from the hub, or a drop is about to be claimed, a batch waits", () => {
  expect(
    decide(
      aStatus({ ...events(10, 9), arrivingEvents: 7, lastEnqueuedAt: at(-9) }),
    ).kind,
  ).toBe("wait");
  expect(decide(aStatus({ ...events(10, 9), unclaimedFiles: 1 })).kind).toBe(
    "wait",
  );
});

test("events that never come from the hub hold nobody up", () => {
  expect(decide(aStatus({ ...events(10, 9), overdueEvents: 7 }))).toEqual({
    kind: "run",
  });
  const gaps = [
    {
      stream: "hub/h",
      generation: "g",
      partition: "0",
      from: 1,
      to: 2,
      closesAt: at(60),
    },
  ];
  expect(decide(aStatus({ overdueEvents: 7, gaps }))).toEqual({
    kind: "end",
    why: "gap",
  });
});

test("a batch that has not ended is processed before anything is planned", () => {
  expect(decide(aStatus({ newest: aNewest("unfinished", "old") }))).toEqual({
    kind: "run",
  });
});

test("a blocked batch stays so until its definition changes or its time has come", () => {
  const blocked = aNewest("blocked", "new");
  expect(decide(aStatus({ newest: blocked, ...events(500, 400) }))).toEqual({
    kind: "end",
    why: "blocked",
  });
  expect(
    decide(aStatus({ newest: { ...blocked, definition: "old" } })),
  ).toEqual({ kind: "run" });
  expect(decide(aStatus({ newest: { ...blocked, retryAt: at(1) } }))).toEqual({
    kind: "end",
    why: "blocked",
  });
  expect(decide(aStatus({ newest: { ...blocked, retryAt: at(-1) } }))).toEqual({
    kind: "run",
  });
});

test("another definition makes a batch due without new input, and the first of all batches needs input", () => {
  expect(decide(aStatus({ newest: aNewest("ended", "old") }))).toEqual({
    kind: "run",
  });
  const fresh = aStatus();
  Reflect.deleteProperty(fresh, "newest");
  expect(decide(fresh)).toEqual({ kind: "end", why: "idle" });
});

test("a clock that runs ahead makes nobody wait longer than asked for", () => {
  expect(decide(aStatus(events(-60, -60)))).toEqual({
    kind: "wait",
    seconds: 3,
  });
});

test("a stream whose events nobody lands is told apart from one that is idle", () => {
  const stuck = aStatus({ overdueEvents: 7 });
  expect(decide(stuck)).toEqual({ kind: "end", why: "behind" });
  expect(isBehind(stuck)).toBe(true);
  expect(isBehind(aStatus({ arrivingEvents: 7 }))).toBe(false);
});

test("a stream that never rests, and a file that is written all the time, hold up what is asked for no longer than input", () => {
  const old = aNewest("ended", "old");
  const asks = [{ asked: "reload" as const }, { newest: old }];
  const restless = [
    { arrivingEvents: 9, lastEnqueuedAt: at(0) },
    { unclaimedFiles: 1, settlesAt: at(30) },
    { ...events(5, 0), arrivingEvents: 9, lastEnqueuedAt: at(0) },
  ];
  for (const each of restless)
    for (const ask of asks) {
      const after = (seconds: number) =>
        decide(aStatus({ ...each, ...ask, askedSince: at(-seconds) }));
      expect(after(1).kind).toBe("wait");
      expect(after(299)).toEqual({ kind: "wait", seconds: 1 });
      expect(after(300)).toEqual({ kind: "run" });
      const nobodyAsks = decide(aStatus({ ...each, askedSince: at(-300) }));
      expect(nobodyAsks.kind).toBe("wait");
    }
});

test("a request of an operator frees a blocked batch, and nothing else does before its time", () => {
  const newest = aNewest("blocked", "new");
  for (const asked of ["retry", "skip", "settle"] as const)
    expect(decide(aStatus({ newest, asked }))).toEqual({ kind: "run" });
  expect(decide(aStatus({ newest, asked: "reload" }))).toEqual({
    kind: "end",
    why: "blocked",
  });
});

test("a reload makes a batch due without input, and waits for events that are about to land", () => {
  const status = aStatus({ asked: "reload" });
  expect(decide(status)).toEqual({ kind: "run" });
  const arriving = { arrivingEvents: 1, lastEnqueuedAt: at(0) };
  expect(decide({ ...status, ...arriving }).kind).toBe("wait");
});

test("nothing follows a batch, and nothing skips it, while a job run of it is active", () => {
  const wait = { kind: "wait", seconds: 10 };
  const ended = { ...aNewest("ended", "old"), hasActiveRun: true };
  expect(decide(aStatus({ newest: ended, ...events(500, 400) }))).toEqual(wait);
  expect(decide(aStatus({ newest: ended }))).toEqual(wait);
  expect(decide(aStatus({ newest: { ...ended, definition: "new" } }))).toEqual({
    kind: "end",
    why: "idle",
  });
  const blocked = { ...aNewest("blocked", "new"), hasActiveRun: true };
  expect(decide(aStatus({ newest: blocked, asked: "skip" }))).toEqual(wait);
  expect(decide(aStatus({ newest: blocked, asked: "retry" }))).toEqual({
    kind: "run",
  });
});

test("input that keeps coming is looked at ever more rarely, and at its longest wait at the latest", () => {
  const secondsOf = (waited: number) => {
    const next = decide(aStatus(events(waited, 0)));
    return next.kind === "wait" ? next.seconds : 0;
  };
  expect(secondsOf(1)).toBe(3);
  expect(secondsOf(100)).toBeCloseTo(10);
  expect(secondsOf(200)).toBeCloseTo(20);
  expect(secondsOf(299)).toBeCloseTo(1);
});

test("a batch that is full by the number of its files begins at once, and so does one that only accounts for a gap", () => {
  const { waiting } = events(1, 0);
  expect(decide(aStatus({ waiting: { ...waiting, isFull: true } })).kind).toBe(
    "run",
  );
  expect(
    decide(aStatus({ waiting: { events: 0, files: 0, gapEvents: 5 } })).kind,
  ).toBe("run");
});
