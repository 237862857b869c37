/** The typed face of Durable Functions: activities are called by name, with their own input and result types. */
import {
  RetryOptions,
  type OrchestrationContext,
  type Task,
} from "durable-functions";

/** An orchestrator body: it yields tasks and ends with a `Result`. */
export type Orchestration<Result> = Generator<Task, Result, unknown>;

type Activity = (input: never) => Promise<unknown>;
type Input<A extends Activity> = Parameters<A>[0];
type Output<A extends Activity> = Awaited<ReturnType<A>>;

declare const result: unique symbol;
/** A scheduled task that remembers the type of its result. */
export type Pending<Result> = Task & { readonly [result]?: Result };

export type ActivityCalls<All extends Record<string, Activity>> = {
  readonly [Name in keyof All]: (
    input: Input<All[Name]>,
  ) => Orchestration<Output<All[Name]>>;
};
export type ActivityTasks<All extends Record<string, Activity>> = {
  readonly [Name in keyof All]: (
    input: Input<All[Name]>,
  ) => Pending<Output<All[Name]>>;
};

/** 1, 3, 9, 27 seconds: an outage longer than that ends the orchestration, and the sweep starts it anew. */
function retries(): RetryOptions {
  const options = new RetryOptions(1000, 5);
  options.backoffCoefficient = 3;
  return options;
}

/** Calling one schedules it and waits for its result; a failure is retried. */
export function callsTo<All extends Record<string, Activity>>(
  context: OrchestrationContext,
): ActivityCalls<All> {
  return new Proxy({} as ActivityCalls<All>, {
    get: (_target, name: string) =>
      function* (input: unknown): Orchestration<unknown> {
        return yield context.df.callActivityWithRetry(name, retries(), input);
      },
  });
}

/** For fan-out: calling one makes its task and waits for nothing. A task goes into one compound only. */
export function tasksOf<All extends Record<string, Activity>>(
  context: OrchestrationContext,
): ActivityTasks<All> {
  return new Proxy({} as ActivityTasks<All>, {
    get: (_target, name: string) => (input: unknown) =>
      context.df.callActivity(name, input),
  });
}

/** All results, in order. The engine refuses an empty list. */
export function* all<Result>(
  context: OrchestrationContext,
  tasks: readonly Pending<Result>[],
): Orchestration<Result[]> {
  if (tasks.length === 0) return [];
  return (yield context.df.Task.all([...tasks])) as Result[];
}

export function* sleep(
  context: OrchestrationContext,
  seconds: number,
): Orchestration<void> {
  const now = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(now + seconds * 1000));
}

/** Seconds between two instants of the orchestration's own time. */
export const secondsSince = (
  context: OrchestrationContext,
  start: Date,
): number => (context.df.currentUtcDateTime.getTime() - start.getTime()) / 1000;
