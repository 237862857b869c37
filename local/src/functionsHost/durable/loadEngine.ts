import type { ServiceContext } from "../../service.ts";
import type {
  DurableEngine,
  DurableTrigger,
  FunctionInvoker,
} from "./contract.ts";
import type { AppFunction } from "../app/appFunctions.ts";
import type { Host } from "../triggers/hostContext.ts";
import { toResult } from "../worker/index.ts";

/** Whether the app has orchestrations, activities, or a client of them. */
export const usesDurable = (
  functions: readonly AppFunction[],
  durable: readonly AppFunction[],
): boolean =>
  durable.length > 0 ||
  functions.some(({ inputs }) =>
    inputs.some(({ type }) => type === "durableClient"),
  );

/** The engine, loaded only for an app that uses it. */
export async function durableEngine(
  host: Host,
  context: ServiceContext,
  baseUrl: string,
  functions: readonly AppFunction[],
): Promise<DurableEngine> {
  const { createDurableEngine } = await import("./index.ts");
  const { hostJson } = host;
  const section = "extensions.durableTask";
  return createDurableEngine({
    stateDir: context.stateDir,
    clock: host.clock,
    log: host.log,
    invoker: invokerOf(host, functions),
    baseUrl,
    systemKey: host.systemKey,
    taskHub: hostJson.text(`${section}.hubName`, "TestHubName"),
    // The extension's defaults: ten times, once the number of processors; here for one small machine.
    maxConcurrentActivities: hostJson.number(
      `${section}.maxConcurrentActivityFunctions`,
      10,
    ),
    maxConcurrentOrchestrators: hostJson.number(
      `${section}.maxConcurrentOrchestratorFunctions`,
      10,
    ),
  });
}

function invokerOf(
  host: Host,
  functions: readonly AppFunction[],
): FunctionInvoker {
  const named = new Map(functions.map((fn) => [fn.name, fn]));
  const namesOf = (kind: DurableTrigger): readonly string[] =>
    functions.filter(({ trigger }) => trigger.type === kind).map(nameOf);
  return {
    names: namesOf,
    async invoke(name, trigger, triggerMetadata) {
      const fn = named.get(name);
      if (fn === undefined)
        return { ok: false, message: `The app has no function '${name}'.` };
      return toResult(
        await host.worker.run(name, () => ({
          inputData: host.inputsOf(fn, trigger),
          ...(triggerMetadata && { triggerMetadata }),
        })),
      );
    },
  };
}

const nameOf = ({ name }: AppFunction): string => name;
