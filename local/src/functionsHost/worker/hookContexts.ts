import type { FunctionCallback } from "./model.ts";

interface InvocationHookData {
  readonly hookData: object;
  readonly appHookData: object;
  readonly invocationContext: unknown;
}

/** What every hook of one invocation sees: readable, not replaceable. */
class InvocationHookContext {
  readonly #data: InvocationHookData;
  inputs: unknown[];

  constructor(data: InvocationHookData, inputs: unknown[]) {
    this.#data = data;
    this.inputs = inputs;
  }

  get hookData(): object {
    return this.#data.hookData;
  }
  get appHookData(): object {
    return this.#data.appHookData;
  }
  get invocationContext(): unknown {
    return this.#data.invocationContext;
  }
}

export class PreInvocationContext extends InvocationHookContext {
  functionCallback: FunctionCallback;

  constructor(
    data: InvocationHookData,
    inputs: unknown[],
    callback: FunctionCallback,
  ) {
    super(data, inputs);
    this.functionCallback = callback;
  }
}

export class PostInvocationContext extends InvocationHookContext {
  result: unknown = null;
  error: unknown = null;
}
