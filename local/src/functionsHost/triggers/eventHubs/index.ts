import { AppFault } from "../../app/appFault.ts";
import type { StartTrigger } from "../hostContext.ts";
import { HubListener, sourceOf } from "./hubListener.ts";

export const startEventHubs: StartTrigger = async (host, functions) => {
  const readers = new Map<string, string>();
  const listeners = functions.map((fn) => {
    const source = sourceOf(fn);
    const other = readers.get(source.key);
    if (other !== undefined)
      throw new AppFault(
        `The functions '${other}' and '${fn.name}' read the same consumer group '${source.group}' of '${source.hub}': each needs a group of its own.`,
      );
    readers.set(source.key, fn.name);
    return new HubListener(host, fn, source);
  });
  await Promise.all(listeners.map((listener) => listener.start()));
  return {
    async stop() {
      await Promise.all(listeners.map((listener) => listener.stop()));
    },
  };
};
