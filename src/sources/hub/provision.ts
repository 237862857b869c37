import type { Provision, WrittenEntry } from "../kind.ts";
import { CONSUMER_GROUP } from "./compile.ts";
import type { HubYaml } from "./yaml.ts";

/** A hub that several pipelines read is created once, with the most partitions that any of them asks for. */
export function provision(
  sources: readonly WrittenEntry<HubYaml>[],
): Provision {
  const partitions = new Map<string, number>();
  for (const { written } of sources)
    partitions.set(
      written.hub,
      Math.max(written.partitions, partitions.get(written.hub) ?? 0),
    );
  return {
    hubs: [...partitions].map(([name, count]) => ({
      name,
      partitions: count,
      consumerGroups: [CONSUMER_GROUP],
    })),
  };
}
