import type { AppContext } from "../context.ts";
import { planFailurePath } from "../domain/paths.ts";
import type { PlanFailure } from "../domain/records.ts";
import { AssayError } from "../errors.ts";
import { replaceDocument } from "../ledger/documents.ts";

type Planning<Input, Output> = (
  context: AppContext,
  input: Input,
) => Promise<Output>;

/**
 * An activity of the watcher whose failure is left in the lake: no batch is there yet whose failures would tell it. It
 * costs a write a failure, and nothing where there is none.
 */
export const notingPlanFailure =
  <Input extends { readonly pipeline: string }, Output>(
    activity: PlanFailure["activity"],
    plan: Planning<Input, Output>,
  ): Planning<Input, Output> =>
  async (context, input) => {
    try {
      return await plan(context, input);
    } catch (error) {
      await noteFailure(context, input.pipeline, activity, error);
      throw error;
    }
  };

/** Best effort: the lake may be what failed. */
async function noteFailure(
  { lake, now }: AppContext,
  pipeline: string,
  activity: PlanFailure["activity"],
  error: unknown,
): Promise<void> {
  const failure: PlanFailure = {
    version: 3,
    at: new Date(now()).toISOString(),
    activity,
    ...describe(error),
  };
  await replaceDocument(lake, planFailurePath(pipeline), failure).catch(
    () => undefined,
  );
}

/** A library's message is left to the log: it may hold what nobody has looked at. */
const describe = (error: unknown): Pick<PlanFailure, "code" | "message"> =>
  error instanceof AssayError
    ? { code: error.code, message: error.detail }
    : {
        code: "INTERNAL",
        message: `${error instanceof Error ? error.name : "an error"} without a code of ours; the log of the app has it`,
      };
