import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Provision } from "../../service.ts";
import { writeWhole } from "../../shared/files.ts";
import type { Address } from "./address.ts";
import { fail } from "./errors.ts";
import {
  MAX_CONSUMER_GROUPS,
  MAX_CONSUMER_GROUP_NAME_LENGTH,
  MAX_HUB_NAME_LENGTH,
  MAX_PARTITIONS,
} from "./limits.ts";
import { PartitionLog } from "./log/partitionLog.ts";

type ProvisionedHub = Provision["hubs"][number];

/** Every hub has it, and it cannot be removed. */
const DEFAULT_GROUP = "$Default";

/** A client that reads a partition, as the others of its partition see it. */
export interface PartitionReader {
  readonly group: string;
  readonly name: string;
  /** The owner level; a reader without one shares the partition. */
  readonly epoch: number | undefined;
  /** There is something new. */
  wake(): void;
  /** Another reader of the group came with a higher owner level: this one is disconnected. */
  stolenBy(name: string, epoch: number): void;
}

export class Partition {
  readonly id: string;
  readonly log: PartitionLog;
  readonly receivers = new Set<PartitionReader>();

  constructor(id: string, log: PartitionLog) {
    this.id = id;
    this.log = log;
  }
}

export class Hub {
  readonly name: string;
  /** Part of what names this life of the hub: kept for ever with its events. */
  readonly createdOn: number;
  readonly partitions: readonly Partition[];
  readonly #groups: ReadonlySet<string>;
  #turn = 0;

  constructor(
    name: string,
    createdOn: number,
    partitions: readonly Partition[],
    groups: readonly string[],
  ) {
    this.name = name;
    this.createdOn = createdOn;
    this.partitions = partitions;
    this.#groups = new Set(groups.map((group) => group.toLowerCase()));
  }

  /** The partition of this id, or the error that Azure gives. */
  partition(id: string): Partition {
    const last = this.partitions.length - 1;
    return (
      this.partitions.find((partition) => partition.id === id) ??
      fail("partitionOutOfRange", { last })
    );
  }

  hasGroup(group: string): boolean {
    return this.#groups.has(group.toLowerCase());
  }

  /** For events without a key: the partitions in turn. */
  nextPartition(): Partition {
    return this.partition(String(this.#turn++ % this.partitions.length));
  }
}

/** The hubs of the namespace, with all that was ever sent to them. */
export class Hubs {
  readonly #hubs: ReadonlyMap<string, Hub>;

  constructor(dir: string, provision: Provision["hubs"], now: number) {
    this.#hubs = new Map(
      provision.map((hub) => [hub.name.toLowerCase(), open(dir, hub, now)]),
    );
  }

  /** The hub of an address. Names are compared without case, as on Azure. */
  get(name: string): Hub {
    return this.find(name) ?? fail("entityNotFound", { entity: name });
  }

  find(name: string): Hub | undefined {
    return this.#hubs.get(name.toLowerCase());
  }

  /** The partition and group that a receiver asks for. */
  source(address: Address): { partition: Partition; group: string } {
    const hub = this.get(address.hub);
    const { group = DEFAULT_GROUP } = address;
    if (!hub.hasGroup(group))
      fail("entityNotFound", { entity: `${hub.name}|${group}` });
    return {
      partition: hub.partition(address.partition ?? ""),
      group: group.toLowerCase(),
    };
  }

  close(): void {
    for (const { partitions } of this.#hubs.values())
      for (const { log } of partitions) log.close();
  }
}

function open(dir: string, hub: ProvisionedHub, now: number): Hub {
  const groups = [...new Set([DEFAULT_GROUP, ...hub.consumerGroups])];
  checkLimits(hub, groups);
  const hubDir = join(dir, hub.name);
  const path = join(hubDir, "hub.json");
  mkdirSync(hubDir, { recursive: true });
  const known = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as HubFile)
    : undefined;
  if (known && known.partitions > hub.partitions)
    throw new Error(
      `Hub ${hub.name} has ${known.partitions} partitions and cannot have ${hub.partitions}: their number can only grow. npm start -- --reset begins anew, without its events.`,
    );
  const createdOn = known?.createdOn ?? now;
  if (known?.partitions !== hub.partitions)
    writeWhole(
      path,
      JSON.stringify({
        version: 1,
        createdOn,
        partitions: hub.partitions,
      } satisfies HubFile),
    );
  const partitions = Array.from({ length: hub.partitions }, (_, index) => {
    const id = String(index);
    return new Partition(id, new PartitionLog(join(hubDir, id)));
  });
  return new Hub(hub.name, createdOn, partitions, groups);
}

interface HubFile {
  readonly version: 1;
  readonly createdOn: number;
  readonly partitions: number;
}

function checkLimits(hub: ProvisionedHub, groups: readonly string[]): void {
  const mistakes = [
    !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(hub.name) &&
      "its name may hold letters, digits, points, hyphens and underscores, with a letter or digit at both ends",
    hub.name.length > MAX_HUB_NAME_LENGTH &&
      `its name is longer than ${MAX_HUB_NAME_LENGTH}`,
    !(hub.partitions >= 1 && hub.partitions <= MAX_PARTITIONS) &&
      `it needs 1 to ${MAX_PARTITIONS} partitions`,
    groups.length > MAX_CONSUMER_GROUPS &&
      `it has more than ${MAX_CONSUMER_GROUPS} consumer groups`,
    groups.some((group) => group.length > MAX_CONSUMER_GROUP_NAME_LENGTH) &&
      `a consumer group's name is longer than ${MAX_CONSUMER_GROUP_NAME_LENGTH}`,
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0)
    throw new Error(
      `Hub ${hub.name} cannot be created: ${mistakes.join("; ")}.`,
    );
}
