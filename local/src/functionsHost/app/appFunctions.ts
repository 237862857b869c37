import { AppFault } from "./appFault.ts";
import { withSettings } from "./appSettings.ts";
import type { RetryOptions } from "../worker/model.ts";
import type { Registered } from "../worker/registry.ts";

/** A binding as the host reads it: the registered one as JSON, settings filled in. */
interface Binding {
  readonly name: string;
  readonly type: string;
  readonly direction: string;
  readonly [option: string]: unknown;
}

/** A function of the app, as the host knows it. */
export interface AppFunction {
  readonly name: string;
  readonly trigger: Binding;
  readonly inputs: readonly Binding[];
  readonly outputs: readonly Binding[];
  readonly retry?: RetryOptions;
}

export function readFunctions(
  registered: ReadonlyMap<string, Registered>,
): AppFunction[] {
  return [...registered.values()].map(({ metadata }) => {
    const where = `The function '${metadata.name}'`;
    const bindings = Object.entries(metadata.bindings).map(
      ([name, binding]): Binding =>
        // The host gets bindings as JSON texts, so what JSON drops is not there.
        JSON.parse(JSON.stringify({ ...binding, name }), (_, value: unknown) =>
          typeof value === "string" ? withSettings(value, where) : value,
        ) as Binding,
    );
    const triggers = bindings.filter(({ type }) => /trigger$/i.test(type));
    const [trigger] = triggers;
    if (trigger === undefined || triggers.length > 1)
      throw new AppFault(
        `${where} has ${triggers.length} triggers: it needs exactly one.`,
      );
    const others = bindings.filter((binding) => binding !== trigger);
    return {
      name: metadata.name,
      trigger,
      inputs: others.filter(({ direction }) => direction === "in"),
      outputs: others.filter(({ direction }) => direction !== "in"),
      ...(metadata.retryOptions && { retry: metadata.retryOptions }),
    };
  });
}

/** An option of a trigger that must be a text. */
export function required(
  { name, trigger }: AppFunction,
  option: string,
): string {
  const value = trigger[option];
  if (typeof value !== "string" || value === "")
    throw new AppFault(
      `The function '${name}' has a ${trigger.type} without '${option}'.`,
    );
  return value;
}
