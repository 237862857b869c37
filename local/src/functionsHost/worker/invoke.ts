import { toError } from "../app/appFault.ts";
import { PostInvocationContext, PreInvocationContext } from "./hookContexts.ts";
import type {
  CoreInvocationContext,
  FunctionCallback,
  InvocationRequest,
  InvocationResponse,
  ProgrammingModel,
} from "./model.ts";
import type { Registered, Registry } from "./registry.ts";

/**
 * One invocation in the worker's order: arguments, preInvocation hooks, the handler, postInvocation hooks, response.
 * A preInvocation hook that throws fails the invocation at once: the postInvocation hooks do not run.
 */
export async function runInvocation(
  registry: Registry,
  model: ProgrammingModel,
  { metadata, callback }: Registered,
  request: InvocationRequest,
  appHookData: object,
): Promise<InvocationResponse> {
  const { hooks } = registry;
  const { invocationId } = request;
  // A log hook may run before the invocation has its context.
  const seen = {
    hookData: {},
    appHookData,
    invocationContext: undefined as unknown,
  };
  const core: CoreInvocationContext = {
    invocationId,
    request,
    metadata,
    log(level, category, message) {
      const entry = { level, category, message };
      if (hooks.has("log")) hooks.runNow("log", Object.assign(entry, seen));
      const functionName = metadata.name;
      registry.log({
        category,
        functionName,
        invocationId,
        level: entry.level,
        message: entry.message,
      });
    },
  };
  const invocation = model.getInvocationModel(core);
  const args = await invocation.getArguments();
  const { context } = args;
  seen.invocationContext = context;
  let { inputs } = args;
  let handler: FunctionCallback = callback;

  const during = async (
    state: NonNullable<CoreInvocationContext["state"]>,
    work: () => Promise<void>,
  ): Promise<void> => {
    core.state = state;
    try {
      await work();
    } finally {
      delete core.state;
    }
  };

  if (hooks.has("preInvocation")) {
    const before = new PreInvocationContext(seen, inputs, handler);
    await during("preInvocationHooks", () =>
      hooks.run("preInvocation", before),
    );
    ({ inputs, functionCallback: handler } = before);
  }
  const after = new PostInvocationContext(seen, inputs);
  await during("invocation", async () => {
    try {
      after.result = await invocation.invokeFunction(context, inputs, handler);
    } catch (error) {
      after.error = error;
    }
  });
  if (hooks.has("postInvocation"))
    await during("postInvocationHooks", () =>
      hooks.run("postInvocation", after),
    );
  if (after.error !== null && after.error !== undefined)
    throw toError(after.error);
  return await invocation.getResponse(context, after.result);
}
