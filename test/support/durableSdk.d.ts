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

/** The client behind the `durableClient` binding. */
declare module "durable-functions/lib/src/durableClient/DurableClient.js" {
  import type { DurableClient } from "durable-functions";

  const durableClient: {
    DurableClient: new (clientData: object) => DurableClient;
  };
  export default durableClient;
}

/** The kinds of actions that the SDK can send, by name and by number. */
declare module "durable-functions/lib/src/actions/ActionType.js" {
  const actionTypes: { ActionType: Record<string, string | number> };
  export default actionTypes;
}
