import { app } from "@azure/functions";
import { describeRun, describeRuns } from "../serve/batches.ts";
import { AssayError } from "../errors.ts";
import type { AppContext } from "../context.ts";
import { answered } from "./answers.ts";

/** The newest batches of a pipeline, or one by its number. */
export function registerGetRuns(context: AppContext): void {
  app.get("getRuns", {
    route: "runs/{pipeline}/{batch?}",
    authLevel: "function",
    handler: answered(async ({ params }) => {
      const { pipeline = "", batch } = params;
      if (batch === undefined || batch === "")
        return { jsonBody: await describeRuns(context, pipeline) };
      const number = Number(batch);
      if (!Number.isInteger(number) || number < 1)
        throw new AssayError(
          "BATCH_UNKNOWN",
          `${batch} is no number of a batch.`,
        );
      return { jsonBody: await describeRun(context, pipeline, number) };
    }),
  });
}
