import { required, type AppFunction } from "../../app/appFunctions.ts";
import type { Host, Listener, StartTrigger } from "../hostContext.ts";
import { LEAST_MONITORED_INTERVAL_MS } from "../../limits.ts";
import { runWithRetries } from "../shared/retryPolicy.ts";
import { json } from "../../worker/typedData.ts";
import { readSchedule, type Schedule } from "./schedule.ts";
import { timerStates, type TimerStates } from "./states.ts";

export const startTimers: StartTrigger = (host, functions) => {
  const states = timerStates(host.store);
  const timers = functions.map((fn) => startTimer(host, fn, states));
  return Promise.resolve({
    async stop() {
      await Promise.all(timers.map((timer) => timer.stop()));
    },
  });
};

/** One timer. The next run is planned when this one has ended, so runs never overlap. */
function startTimer(
  host: Host,
  fn: AppFunction,
  states: TimerStates,
): Listener {
  const { clock } = host;
  const where = `The function '${fn.name}'`;
  const schedule = readSchedule(required(fn, "schedule"), where);
  const monitored = isMonitored(fn, schedule, clock.now());
  const stopping = new AbortController();
  let cancel = (): void => undefined;
  let running = Promise.resolve();

  const run = async (isPastDue: boolean): Promise<void> => {
    const before = monitored ? states.read(fn.name) : undefined;
    const startedAt = clock.now();
    await runWithRetries(
      host,
      fn,
      () => ({
        inputData: host.inputsOf(
          fn,
          json({
            Schedule: { AdjustForDST: true },
            ScheduleStatus: before
              ? {
                  Last: iso(before.last),
                  LastUpdated: iso(before.updated),
                  Next: iso(before.next),
                }
              : null,
            IsPastDue: isPastDue,
          }),
        ),
      }),
      stopping.signal,
    );
    if (!stopping.signal.aborted) plan(startedAt);
  };

  const plan = (last: number): void => {
    const now = clock.now();
    const next = schedule.next(now);
    if (monitored) states.write(fn.name, { last, next, updated: now });
    if (next !== Infinity)
      cancel = clock.after(next - now, () => {
        running = run(false);
      });
  };

  const state = monitored ? states.read(fn.name) : undefined;
  const isPastDue = state !== undefined && state.next < clock.now();
  if (isPastDue || fn.trigger["runOnStartup"] === true)
    cancel = clock.after(0, () => {
      running = run(isPastDue);
    });
  else plan(state?.last ?? 0);
  return {
    async stop() {
      stopping.abort();
      cancel();
      await running;
    },
  };
}

function isMonitored(
  { trigger }: AppFunction,
  schedule: Schedule,
  now: number,
): boolean {
  if (trigger["useMonitor"] === false) return false;
  const first = schedule.next(now);
  return schedule.next(first) - first >= LEAST_MONITORED_INTERVAL_MS;
}

/** As .NET writes an instant with its offset; one that never was is the first of year one. */
const iso = (ms: number): string =>
  ms === 0
    ? "0001-01-01T00:00:00+00:00"
    : new Date(ms).toISOString().replace(/(\.000)?Z$/, "+00:00");
