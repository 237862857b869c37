import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  RetryOptions,
  type OrchestrationContext,
  type Task,
} from "durable-functions";
import fc from "fast-check";
import { Engine } from "../../../local/src/functionsHost/durable/engine.ts";
import type { FunctionInvoker } from "../../../local/src/functionsHost/durable/contract.ts";
import {
  DurableBench,
  result,
  settled,
  type DurableApp,
} from "../../support/durable.ts";

/** A random orchestration, as data: it is the input of `interpret`. */
type Step =
  | { readonly kind: "activity"; readonly fails: boolean }
  | { readonly kind: "retry" }
  | { readonly kind: "timer"; readonly days: number }
  | { readonly kind: "event" }
  | { readonly kind: "race"; readonly cancel: boolean }
  | { readonly kind: "all"; readonly steps: readonly Step[] }
  | { readonly kind: "sub"; readonly steps: readonly Step[] }
  | { readonly kind: "again" };

interface Program {
  readonly path: string;
  readonly steps: readonly Step[];
}

const leaf: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("activity" as const), fails: fc.boolean() }),
  fc.record({
    kind: fc.constant("timer" as const),
    days: fc.constantFrom(0, 0.001, 1, 8),
  }),
  fc.record({ kind: fc.constant("event" as const) }),
);
const { program } = fc.letrec<{ program: readonly Step[]; step: Step }>(
  (tie) => ({
    program: fc.array(tie("step"), { maxLength: 5 }),
    step: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.record({ kind: fc.constant("retry" as const) }),
      fc.record({ kind: fc.constant("race" as const), cancel: fc.boolean() }),
      fc.record({ kind: fc.constant("again" as const) }),
      fc.record({
        kind: fc.constant("all" as const),
        steps: fc.array(leaf, { minLength: 1, maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant("sub" as const), steps: tie("program") }),
    ),
  }),
);

const app: DurableApp = {
  activities: {
    work: (input) => {
      const { path, fails } = input as { path: string; fails: boolean };
      if (fails) throw new Error(`failed at ${path}`);
      return `did ${path}`;
    },
  },
  orchestrators: {
    *interpret({ df }) {
      const { path, steps } = df.getInput<Program>();
      const done: unknown[] = [];
      for (const [index, step] of steps.entries()) {
        if (step.kind === "again") {
          df.continueAsNew({ path: `${path}'`, steps: steps.slice(index + 1) });
          return undefined;
        }
        try {
          done.push(yield* perform(df, step, `${path}.${index}`));
        } catch (error) {
          done.push((error as Error).message.split("\n")[0]);
        }
      }
      return done;
    },
  },
};

type Df = OrchestrationContext["df"];
const inDays = (df: Df, days: number): Date =>
  new Date(df.currentUtcDateTime.getTime() + days * 86_400_000);

function* perform(
  df: Df,
  step: Step,
  path: string,
): Generator<Task, unknown, unknown> {
  if (step.kind !== "race")
    return (yield* result<unknown>(taskOf(df, step, path))) ?? null;
  const timer = df.createTimer(inDays(df, 0.5));
  const winner = yield* result<Task>(
    df.Task.any([timer, df.waitForExternalEvent("go")]),
  );
  if (step.cancel && winner !== timer) timer.cancel();
  return winner === timer ? "timer" : "event";
}

function taskOf(df: Df, step: Step, path: string): Task {
  switch (step.kind) {
    case "activity":
      return df.callActivity("work", { path, fails: step.fails });
    case "retry":
      return df.callActivityWithRetry("work", new RetryOptions(1_000, 2), {
        path,
        fails: true,
      });
    case "timer":
      return df.createTimer(inDays(df, step.days));
    case "event":
      return df.waitForExternalEvent("go");
    case "all":
      return df.Task.all(
        step.steps.map((each, index) => taskOf(df, each, `${path}.${index}`)),
      );
    case "sub":
      return df.callSubOrchestrator(
        "interpret",
        { path, steps: step.steps },
        `sub${path}`,
      );
    default:
      throw new Error("not a task");
  }
}

interface Outcome {
  readonly instances: Record<string, unknown>;
}

/** Runs a program; the n-th call of a function meets the n-th of `deaths`. */
async function outcomeOf(
  steps: readonly Step[],
  deaths: readonly ("none" | "before" | "after")[],
): Promise<Outcome> {
  let calls = 0;
  const never = new Promise<never>(() => undefined);
  const bench: DurableBench = new DurableBench(
    app,
    { maxConcurrentActivities: 1 },
    (invoker): FunctionInvoker => ({
      names: (kind) => invoker.names(kind),
      async invoke(name, trigger, metadata) {
        const death = deaths[calls++] ?? "none";
        if (name === "work") {
          // Its row is there, so its completion has not been recorded.
          const text = "string" in trigger ? trigger.string : "";
          expect(
            bench.engine.store.activities().map(({ input }) => input),
          ).toContain(`[${text}]`);
        }
        if (death !== "before") {
          const answer = await invoker.invoke(name, trigger, metadata);
          if (death === "none") return answer;
        }
        bench.killAndRestart();
        return never;
      },
    }),
  );
  try {
    bench.start("interpret", { path: "p", steps });
    // No instance is ever left without something to wait for: an event for each, then half a day, and so on.
    for (let round = 0; round < 200; round += 1) {
      await settled();
      const open = bench.engine.store
        .list({ limit: -1 })
        .filter(({ status }) => status === "Running" || status === "Pending");
      if (open.length === 0) break;
      if (round % 2 === 0)
        for (const { instanceId } of open) bench.raise("go", round, instanceId);
      else await bench.clock.advance(43_200_000);
    }
    return {
      instances: Object.fromEntries(
        bench.engine.store
          .list({ limit: -1 })
          .map((instance) => [
            instance.instanceId,
            summary(bench, instance.instanceId),
          ]),
      ),
    };
  } finally {
    bench.close();
  }
}

/** All of an instance that does not depend on how its messages were grouped into turns. */
function summary(bench: DurableBench, id: string): unknown {
  const { status, output } = bench.client.find(id);
  const scheduled: unknown[] = [];
  const ended: string[] = [];
  for (const event of bench.history(id)) {
    if (
      event.EventType === 4 ||
      event.EventType === 7 ||
      event.EventType === 10
    )
      scheduled.push([
        event.EventType,
        event.EventId,
        "Name" in event ? event.Name : event.FireAt,
      ]);
    if ("TaskScheduledId" in event)
      ended.push(
        `${event.EventType} ${event.TaskScheduledId} ${"Result" in event ? event.Result : event.Reason}`,
      );
    if (event.EventType === 11)
      ended.push(`fired ${event.TimerId} ${event.FireAt}`);
  }
  return { status, output, scheduled, ended: ended.sort() };
}

test("killed at any call of a function, an orchestration ends as if it had never been killed", async () => {
  await fc.assert(
    fc.asyncProperty(
      program,
      fc.array(
        fc.constantFrom("none" as const, "before" as const, "after" as const),
        { maxLength: 40 },
      ),
      async (steps, deaths) => {
        const undisturbed = await outcomeOf(steps, []);
        for (const instance of Object.values(undisturbed.instances))
          expect(instance).toMatchObject({ status: "Completed" });
        expect(await outcomeOf(steps, deaths)).toEqual(undisturbed);
      },
    ),
    { numRuns: 60, interruptAfterTimeLimit: 30_000 },
  );
}, 60_000);

test("a store that was deleted while the host was dead leaves an empty engine", async () => {
  const bench = new DurableBench({
    orchestrators: {
      *wait({ df }) {
        yield df.waitForExternalEvent("go");
      },
    },
  });
  bench.start("wait");
  await bench.turns(1);
  bench.engine.kill();
  rmSync(join(bench.stateDir, "functions"), { recursive: true });
  bench.killAndRestart();
  expect(bench.client.list({}).page).toEqual([]);
  bench.start("wait");
  await bench.turns(2);
  bench.close();
});

test("a second engine on the same store is refused while the first lives", () => {
  const bench = new DurableBench({ orchestrators: {} });
  expect(() => new Engine(bench.options).start()).toThrow(/database is locked/);
  bench.close();
});
