import type { Container } from "@azure/cosmos";
import type { Config } from "../../config.ts";
import type { Identity } from "../identity/index.ts";
import { onFirstUse } from "../onFirstUse.ts";

export type CosmosContainers = (name: string) => Promise<Container>;

/** One client for all: it keeps its connections and what it knows of the account. */
export function cosmosContainers(
  config: Config,
  identity: Identity,
): CosmosContainers {
  const database = onFirstUse(async () => {
    const { cosmos } = config;
    const { CosmosClient } = await import("@azure/cosmos");
    return new CosmosClient({
      endpoint: cosmos.endpoint,
      aadCredentials: await identity(),
    }).database(cosmos.database);
  });
  const containers = new Map<string, Container>();
  return async (name) => {
    const known = containers.get(name);
    if (known) return known;
    const container = (await database()).container(name);
    containers.set(name, container);
    return container;
  };
}
