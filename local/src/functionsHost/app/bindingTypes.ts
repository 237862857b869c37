import { AppFault } from "./appFault.ts";
import type { AppFunction } from "./appFunctions.ts";

/** What the host does with each type of binding. COVERAGE.md has a row for each. */
export const triggerTypes = {
  httpTrigger: "http",
  timerTrigger: "timer",
  eventHubTrigger: "eventHubs",
  queueTrigger: "queue",
  blobTrigger: "blob",
  orchestrationTrigger: "durable",
  activityTrigger: "durable",
} as const;

export type TriggerKind = (typeof triggerTypes)[keyof typeof triggerTypes];

export const inputTypes = ["durableClient"] as const;
export const outputTypes = ["http"] as const;

/** The functions by the part of the host that serves them. What none serves is refused here. */
export function byKind(
  functions: readonly AppFunction[],
): ReadonlyMap<TriggerKind, readonly AppFunction[]> {
  const kinds = new Map<TriggerKind, AppFunction[]>();
  for (const fn of functions) {
    const kind = kindOf(fn);
    kinds.set(kind, [...(kinds.get(kind) ?? []), fn]);
    refuseOthers(fn, "input", fn.inputs, inputTypes);
    refuseOthers(fn, "output", fn.outputs, outputTypes);
  }
  return kinds;
}

function kindOf({ name, trigger }: AppFunction): TriggerKind {
  const known = Object.entries(triggerTypes).find(
    ([type]) => type.toLowerCase() === trigger.type.toLowerCase(),
  );
  const article = /^[aeiou]/i.test(trigger.type) ? "an" : "a";
  if (known === undefined)
    throw new AppFault(
      `The function '${name}' has ${article} ${trigger.type}, which the local host does not serve: see its COVERAGE.md.`,
    );
  if (isDeferred(trigger) && !isBoundAsMessages({ trigger }))
    throw new AppFault(
      `The function '${name}' has ${article} ${trigger.type} with sdkBinding, which the local host serves for event hubs with cardinality 'many' only: see its COVERAGE.md.`,
    );
  return known[1];
}

const isDeferred = ({ properties }: AppFunction["trigger"]): boolean =>
  (properties as Record<string, unknown> | undefined)?.[
    "supportsDeferredBinding"
  ] === "true";

/** A binding that the app leaves to the worker: it is given whole messages, whatever their bodies are. */
export const isBoundAsMessages = ({
  trigger,
}: Pick<AppFunction, "trigger">): boolean =>
  isDeferred(trigger) &&
  trigger.type.toLowerCase() === "eventhubtrigger" &&
  trigger["cardinality"] === "many";

function refuseOthers(
  { name }: AppFunction,
  direction: string,
  bindings: AppFunction["inputs"],
  served: readonly string[],
): void {
  const other = bindings.find(({ type }) => !served.includes(type));
  if (other !== undefined)
    throw new AppFault(
      `The function '${name}' has the ${direction} binding '${other.name}' of type '${other.type}', which the local host does not serve: see its COVERAGE.md.`,
    );
}
