import type { CreateDurableEngine } from "./contract.ts";
import { clientBinding } from "./bindings.ts";
import { Client } from "./client.ts";
import { Engine } from "./engine.ts";
import { serve } from "./management.ts";

/** Durable Functions on the laptop: instances, their store, and the API that manages them. */
export const createDurableEngine: CreateDurableEngine = (options) => {
  const engine = new Engine(options);
  const { baseUrl, systemKey, taskHub, clock } = options;
  const addresses = { baseUrl, systemKey, taskHub };
  const management = {
    engine,
    client: new Client(engine),
    addresses,
    wait: (ms: number) =>
      new Promise<void>((resolve) => clock.after(ms, resolve)),
  };
  return {
    start: () =>
      new Promise((resolve) => {
        engine.start();
        resolve();
      }),
    stop: () => engine.stop(),
    clientBinding: () => clientBinding(addresses),
    handle: (request, response) => serve(request, response, management),
  };
};
