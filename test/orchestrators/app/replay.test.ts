import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DummyOrchestrationContext,
  type OrchestrationHandler,
} from "durable-functions";
import testing from "durable-functions/lib/src/util/testingUtils.js";
import { databricksRun } from "../../../src/orchestrators/databricksRun.ts";
import { createDeliver } from "../../../src/orchestrators/deliver.ts";
import { watch } from "../../../src/orchestrators/watch.ts";
import { sinkKinds } from "../../../src/sinks/index.ts";

interface Generation {
  readonly payload: {
    readonly history: readonly {
      readonly EventType: number;
      readonly Name?: string;
    }[];
  };
  readonly answer: { readonly actions: object[][]; readonly isDone: boolean };
}

const orchestrators: Readonly<Record<string, OrchestrationHandler>> = {
  watch,
  databricksRun,
  deliver: createDeliver(sinkKinds),
};

/** The type of the event that names the orchestrator. */
const EXECUTION_STARTED = 0;

const folder = join(import.meta.dirname, "histories");

test.each(readdirSync(folder))(
  "the recorded life %s is replayed to the same actions",
  async (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const generations = JSON.parse(text) as Generation[];
    expect(generations.length).toBeGreaterThan(2);
    for (const { payload, answer } of generations) {
      const started = payload.history.find(
        ({ EventType }) => EventType === EXECUTION_STARTED,
      );
      const orchestrator = orchestrators[started?.Name ?? ""];
      if (!orchestrator) throw new Error(`${file} names no orchestrator.`);
      const handler = testing.createOrchestrator(orchestrator);
      const context = new DummyOrchestrationContext(
        "replayed",
        "id",
        () => undefined,
      );
      const replayed = await handler(payload, context);
      expect(JSON.parse(JSON.stringify(replayed))).toEqual(answer);
    }
  },
);
