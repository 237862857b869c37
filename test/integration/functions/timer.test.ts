import { jest } from "@jest/globals";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../local/src/functionsHost/hostDatabase.ts";
import { timerStates } from "../../../local/src/functionsHost/triggers/timer/states.ts";
import { appDir, startHost } from "../../support/functions/host.ts";

// A host is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);

interface Run {
  function: string;
  timer: {
    schedule: { adjustForDST: boolean };
    scheduleStatus: { last: string; next: string; lastUpdated: string } | null;
    isPastDue: boolean;
  };
  running: number;
  triggerMetadata: unknown;
  retryContext: {
    retryCount: number;
    maxRetryCount: number;
    exception: { message: string };
  } | null;
}

const runsOf = async (
  name: string,
  count: number,
  stateDir = mkdtempSync(join(tmpdir(), "assay-timer-")),
): Promise<Run[]> => {
  const host = await startHost({
    appDir: appDir("timers"),
    stateDir,
    settings: { CASE: name, EVERY_SECOND: "* * * * * *" },
  });
  const runs = await host.until<Run[]>(
    "/api/runs",
    ({ length }) => length >= count,
  );
  await host.stop();
  return runs;
};

test("runOnStartup runs at once; the timer's names begin in lower case, and it has no trigger metadata", async () => {
  const [run] = await runsOf("startup", 1);
  expect(run).toMatchObject({
    timer: {
      schedule: { adjustForDST: true },
      scheduleStatus: null,
      isPastDue: false,
    },
    triggerMetadata: null,
  });
});

test("a timer that fires every second is not monitored and never overlaps itself", async () => {
  const runs = (await runsOf("slow", 2)).slice(0, 2);
  expect(runs.map(({ running }) => running)).toEqual([1, 1]);
  expect(runs.map(({ timer }) => timer.scheduleStatus)).toEqual([null, null]);
});

test("a run missed while the host was down is made up for, past due, with the status kept", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "assay-timer-"));
  const missed = Date.parse("2026-01-01T10:00:00Z");
  const store = openStore(stateDir);
  timerStates(store).write("hourly", {
    last: missed - 3_600_000,
    next: missed,
    updated: missed - 3_599_500,
  });
  store.close();
  const [run] = await runsOf("hourly", 1, stateDir);
  expect(run?.timer).toEqual({
    schedule: { adjustForDST: true },
    scheduleStatus: {
      last: "2026-01-01T09:00:00+00:00",
      lastUpdated: "2026-01-01T09:00:00.500+00:00",
      next: "2026-01-01T10:00:00+00:00",
    },
    isPastDue: true,
  });
});

test("a failing timer is tried again under its retry policy, with the retry context", async () => {
  const runs = await runsOf("failing", 3);
  expect(runs.map(({ retryContext }) => retryContext?.retryCount)).toEqual([
    undefined,
    1,
    2,
  ]);
  expect(runs[1]?.retryContext).toMatchObject({
    maxRetryCount: 2,
    exception: { message: "not yet" },
  });
});
