import type { Config } from "../../config.ts";
import type { Identity } from "../identity/index.ts";
import { hubClients } from "./client.ts";
import { eventHubsOver } from "./operations.ts";

/** One life of a hub, as the service tells of it. */
export interface HubLife {
  readonly namespace: string;
  readonly hub: string;
  readonly createdOn: string;
  readonly partitions: readonly string[];
}

export interface PartitionPosition {
  readonly partition: string;
  /** The first event that the hub still holds. */
  readonly begin: number;
  /** The last event; `begin - 1` when there is none. */
  readonly last: number;
  readonly lastEnqueuedAt?: string;
}

export interface EventHubs {
  life(hub: string): Promise<HubLife>;
  positions(hub: string): Promise<PartitionPosition[]>;
}

export const createEventHubs = (
  config: Config,
  identity: Identity,
): EventHubs =>
  eventHubsOver(config.eventHubs.namespace, hubClients(config, identity));
