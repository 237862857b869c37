/** The library's own executor, which its package does not type. */
declare module "durable-functions/lib/src/util/testingUtils.js" {
  import type {
    DummyOrchestrationContext,
    OrchestrationHandler,
  } from "durable-functions";

  const testingUtils: {
    createOrchestrator(
      handler: OrchestrationHandler,
    ): (
      trigger: unknown,
      context: DummyOrchestrationContext,
    ) => Promise<unknown>;
  };
  export default testingUtils;
}
