import type { Config } from "../../config.ts";
import type { PartitionPosition } from "../../domain/slices.ts";
import type { Identity } from "../identity/index.ts";
import { hubClients } from "./client.ts";
import { eventHubsOver } from "./operations.ts";

/** A hub as it was created: created again, it is another generation. */
export interface HubGeneration {
  readonly namespace: string;
  readonly hub: string;
  readonly createdOn: string;
  readonly partitions: readonly string[];
}

export interface EventHubs {
  generation(hub: string): Promise<HubGeneration>;
  positions(hub: string): Promise<PartitionPosition[]>;
}

export const createEventHubs = (
  config: Config,
  identity: Identity,
): EventHubs =>
  eventHubsOver(() => config.eventHubs.namespace, hubClients(config, identity));
