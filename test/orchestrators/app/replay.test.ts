import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DummyOrchestrationContext } from "durable-functions";
import testing from "durable-functions/lib/src/util/testingUtils.js";
import { databricksRun } from "../../../src/orchestrators/databricksRun.ts";
import { watch } from "../../../src/orchestrators/watch.ts";

interface Generation {
  readonly payload: {
    readonly parentInstanceId: string | null;
    readonly history: object[];
  };
  readonly answer: { readonly actions: object[][]; readonly isDone: boolean };
}

const folder = join(import.meta.dirname, "histories");

test.each(readdirSync(folder))(
  "the recorded life %s is replayed to the same actions",
  async (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const generations = JSON.parse(text) as Generation[];
    expect(generations.length).toBeGreaterThan(2);
    for (const { payload, answer } of generations) {
      const handler = testing.createOrchestrator(
        payload.parentInstanceId === null ? watch : databricksRun,
      );
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
