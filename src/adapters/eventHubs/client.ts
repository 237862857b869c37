import type { EventHubConsumerClient } from "@azure/event-hubs";
import type { Config } from "../../config.ts";
import type { Identity } from "../identity/index.ts";
import { onFirstUse } from "../onFirstUse.ts";

/** The right to receive is enough to ask for positions: the app never sends. */
export type HubClients = (hub: string) => Promise<EventHubConsumerClient>;

/** Only asked for positions: no event is received with it. */
const CONSUMER_GROUP = "$Default";

export function hubClients(config: Config, identity: Identity): HubClients {
  const clients = new Map<string, HubClients>();
  return (hub) => {
    const client =
      clients.get(hub) ??
      onFirstUse(async () => {
        const { EventHubConsumerClient } = await import("@azure/event-hubs");
        return new EventHubConsumerClient(
          CONSUMER_GROUP,
          config.eventHubs.namespace,
          hub,
          await identity(),
        );
      });
    clients.set(hub, client);
    return client(hub);
  };
}
