import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/log.ts";
import type { TaskSettings } from "../jobs/settings.ts";
import type { Limits } from "../limits.ts";
import type { Compute } from "../spark/spark.ts";
import type { RunStore } from "../state.ts";
import { Attempts } from "./attempts.ts";
import { type Ending, isFailure } from "./endings.ts";
import { conclude, decide } from "./graph.ts";
import {
  type RunRecord,
  type StopReason,
  type TaskRun,
  latest,
} from "./record.ts";

const HOUR_MS = 3_600_000;

export interface EngineParts {
  readonly store: RunStore;
  readonly spark: Compute;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
  readonly logDir: string;
}

/** Carries every run from its queue to its end. What it decides is on disk before anything follows from it. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #attempts: Attempts;
  readonly #active = new Map<number, RunRecord>();
  readonly #timers = new Map<string, () => void>();
  #isClosed = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#attempts = new Attempts(parts);
  }

  /** The run as it is now. */
  get(runId: number): RunRecord | undefined {
    return this.#active.get(runId) ?? this.#parts.store.get(runId);
  }

  active(): readonly RunRecord[] {
    return [...this.#active.values()];
  }

  get runningTasks(): number {
    return this.active()
      .flatMap(latest)
      .filter((task) => task.phase === "RUNNING").length;
  }

  /** A new run, or one that a repair has opened again. */
  begin(run: RunRecord): void {
    this.#parts.store.save(run);
    if (run.phase === "ENDED") return;
    this.#active.set(run.runId, run);
    this.#parts.log("run.begun", { runId: run.runId, name: run.runName });
    this.#watchRun(run);
    this.#advance(run);
  }

  /**
   * Takes up the runs that an earlier process left. Whoever calls this holds the tables' lock, and the lock is held by
   * the old Spark server itself: its sessions are gone, and no table has a commit of theirs after this moment.
   */
  resume(): void {
    const { store } = this.#parts;
    for (const run of store.active()) {
      this.#active.set(run.runId, run);
      this.#watchRun(run);
      for (const task of latest(run)) this.#takeUp(run, task);
    }
    for (const run of this.active()) this.#advance(run);
  }

  #takeUp(run: RunRecord, attempt: TaskRun): void {
    if (attempt.phase === "PENDING") attempt.phase = "BLOCKED";
    if (attempt.phase === "WAITING") this.#waitToRetry(run, attempt);
    if (attempt.phase === "RUNNING" || attempt.phase === "TERMINATING")
      this.#endAttempt(run, attempt, {
        ending: run.stop ?? (attempt.timedOut ? "timedOut" : "driverLost"),
        message: "The machine that ran this task was ended",
      });
  }

  stop(run: RunRecord, reason: StopReason): void {
    if (run.phase === "ENDED" || run.stop) return;
    run.stop = reason;
    run.phase = "TERMINATING";
    for (const task of latest(run)) {
      if (task.phase === "RUNNING") {
        task.phase = "TERMINATING";
        this.#attempts.kill(task);
      } else if (task.phase !== "ENDED" && task.phase !== "TERMINATING")
        this.#end(task, reason, "");
    }
    this.#parts.store.save(run);
    this.#advance(run);
  }

  /** From here on nothing is written: what runs is found again by `resume`. */
  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #advance(run: RunRecord): void {
    if (this.#isClosed || run.phase === "ENDED") return;
    if (run.phase === "QUEUED") {
      if (!this.mayStart(run)) return;
      run.phase = "PENDING";
      run.queueMs += this.#parts.clock.now() - (run.queuedAt ?? 0);
      this.#cancelTimer(`queue ${run.runId}`);
      this.#watchRun(run);
    }
    // Ending a task without running it can settle the ones below it.
    for (let settled = true; settled; ) {
      settled = false;
      for (const task of run.settings.tasks)
        settled = this.#settle(run, task) || settled;
    }
    if (latest(run).every((task) => task.phase === "ENDED")) this.#finish(run);
    else this.#parts.store.save(run);
  }

  /** True when the task ended here. */
  #settle(run: RunRecord, task: TaskSettings): boolean {
    const attempt = latest(run).find((one) => one.taskKey === task.task_key);
    if (attempt?.phase !== "BLOCKED") return false;
    const upstream = task.depends_on.map(
      (dependency) =>
        latest(run).find((one) => one.taskKey === dependency.task_key)?.ending,
    );
    if (upstream.some((ending) => ending === undefined)) return false;
    const decision = decide(task.run_if, upstream as Ending[]);
    if (decision !== "run") {
      this.#end(attempt, decision, "An upstream task did not end as needed");
      return true;
    }
    attempt.phase = "PENDING";
    void this.#perform(run, task, attempt);
    return false;
  }

  async #perform(
    run: RunRecord,
    task: TaskSettings,
    attempt: TaskRun,
  ): Promise<void> {
    const isWanted = (): boolean =>
      !this.#isClosed && attempt.phase === "PENDING";
    const end = await this.#attempts.perform(run, task, attempt, {
      isWanted,
      started: () => {
        if (run.phase === "PENDING") run.phase = "RUNNING";
        this.#parts.store.save(run);
        this.#watchTask(run, task, attempt);
      },
    });
    if (this.#isClosed || !end) return;
    this.#cancelTimer(`task ${attempt.runId}`);
    const ending = run.stop ?? (attempt.timedOut ? "timedOut" : end.ending);
    this.#endAttempt(run, attempt, { ...end, ending });
    this.#advance(run);
  }

  #endAttempt(
    run: RunRecord,
    attempt: TaskRun,
    end: { ending: Ending; message: string; error?: string; trace?: string },
  ): void {
    this.#end(attempt, end.ending, end.message);
    if (end.error !== undefined) attempt.error = end.error;
    if (end.trace !== undefined) attempt.trace = end.trace;
    this.#parts.log("task.ended", {
      runId: run.runId,
      task: attempt.taskKey,
      attempt: attempt.attempt,
      ending: end.ending,
    });
    const task = run.settings.tasks.find(
      (one) => one.task_key === attempt.taskKey,
    );
    if (task && !run.stop && mayRetry(task, attempt)) this.#retry(run, attempt);
    this.#parts.store.save(run);
  }

  #retry(run: RunRecord, failed: TaskRun): void {
    const { store, clock } = this.#parts;
    const attempt: TaskRun = {
      runId: store.newId(),
      taskKey: failed.taskKey,
      attempt: failed.attempt + 1,
      originalRunId: failed.originalRunId,
      tries: failed.tries + 1,
      createdAt: clock.now(),
      phase: "WAITING",
      message: "",
    };
    run.tasks.push(attempt);
    this.#waitToRetry(run, attempt);
  }

  #waitToRetry(run: RunRecord, attempt: TaskRun): void {
    const task = run.settings.tasks.find(
      (one) => one.task_key === attempt.taskKey,
    );
    if (!task) return;
    this.#timer(
      `retry ${attempt.runId}`,
      task.min_retry_interval_millis,
      () => {
        attempt.phase = "PENDING";
        this.#parts.store.save(run);
        void this.#perform(run, task, attempt);
      },
    );
  }

  #finish(run: RunRecord): void {
    const { ending, message } = conclude(run);
    this.#endRun(run, ending, message);
  }

  #endRun(run: RunRecord, ending: Ending, message: string): void {
    run.phase = "ENDED";
    run.ending = ending;
    run.message = message;
    run.endedAt = this.#parts.clock.now();
    this.#cancelTimer(`run ${run.runId}`);
    this.#cancelTimer(`queue ${run.runId}`);
    this.#parts.store.save(run);
    this.#active.delete(run.runId);
    this.#parts.log("run.ended", { runId: run.runId, ending });
    // Its place is free for the next of the job's queue.
    for (const other of this.active())
      if (other.phase === "QUEUED" && other.jobId === run.jobId)
        this.#advance(other);
  }

  /** Does the job have a place for one more run? One-time runs have no such limit. */
  mayStart(run: RunRecord): boolean {
    if (run.jobId === undefined) return true;
    const inPlace = this.active().filter(
      (other) =>
        other !== run && other.jobId === run.jobId && other.phase !== "QUEUED",
    );
    return inPlace.length < run.settings.max_concurrent_runs;
  }

  #end(task: TaskRun, ending: Ending, message: string): void {
    task.phase = "ENDED";
    task.ending = ending;
    task.message = message;
    task.endedAt = this.#parts.clock.now();
    this.#cancelTimer(`retry ${task.runId}`);
  }

  #watchRun(run: RunRecord): void {
    const { clock, limits } = this.#parts;
    if (run.phase === "QUEUED") {
      const dueAt = (run.queuedAt ?? run.createdAt) + limits.queueHours * HOUR_MS;
      this.#timer(`queue ${run.runId}`, dueAt - clock.now(), () => {
        for (const task of latest(run)) this.#end(task, "tooManyRuns", "");
        this.#endRun(run, "tooManyRuns", "The run waited in the queue too long.");
      });
      return;
    }
    const seconds = run.settings.timeout_seconds;
    if (seconds > 0)
      this.#timer(
        `run ${run.runId}`,
        run.begunAt + run.queueMs + seconds * 1000 - clock.now(),
        () => this.stop(run, "timedOut"),
      );
  }

  #watchTask(run: RunRecord, task: TaskSettings, attempt: TaskRun): void {
    if (task.timeout_seconds === 0) return;
    this.#timer(`task ${attempt.runId}`, task.timeout_seconds * 1000, () => {
      if (attempt.phase !== "RUNNING") return;
      attempt.timedOut = true;
      attempt.phase = "TERMINATING";
      this.#parts.store.save(run);
      this.#attempts.kill(attempt);
    });
  }

  #timer(name: string, delayMs: number, action: () => void): void {
    this.#cancelTimer(name);
    const cancel = this.#parts.clock.after(Math.max(0, delayMs), () => {
      this.#timers.delete(name);
      if (!this.#isClosed) action();
    });
    this.#timers.set(name, cancel);
  }

  #cancelTimer(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}

function mayRetry(task: TaskSettings, attempt: TaskRun): boolean {
  if (!attempt.ending || !isFailure(attempt.ending)) return false;
  if (attempt.ending === "invalid") return false;
  if (attempt.ending === "timedOut" && !task.retry_on_timeout) return false;
  return task.max_retries === -1 || attempt.tries < task.max_retries;
}
