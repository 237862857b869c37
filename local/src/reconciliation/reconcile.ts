import { join } from "node:path";
import type { Clients } from "../platform/clients.ts";
import type { PlatformFolders } from "../platform/context.ts";
import { hubsOf, type PackagedDefinition } from "../platform/definitions.ts";
import { hubPartitions } from "../platform/hubs.ts";
import { readAccounts } from "./accounts.ts";
import { readBronze } from "./bronze.ts";
import { readClaimedFiles } from "./claimedFiles.ts";
import {
  findDifferences,
  type Figures,
  type StreamFigures,
} from "./differences.ts";
import type { Range } from "./positions.ts";
import { readServed } from "./served.ts";
import { readTables } from "./tables.ts";

export interface Reconciliation extends Figures {
  readonly differences: readonly string[];
}

/** Events that are known to have been sent to a hub; undefined where nobody counts them. */
export type SentTo = (hub: string) => number | undefined;

/** Compares the figures of a pipeline, each read again from its own source. O(everything that the state holds). */
export async function reconcile(
  folders: PlatformFolders,
  clients: Clients,
  definition: PackagedDefinition,
  sentTo: SentTo,
): Promise<Reconciliation> {
  const { pipeline } = definition;
  const lakeDir = join(folders.stateDir, "lake");
  const [streams, files, accounts, tables, served] = await Promise.all([
    readStreams(lakeDir, clients, definition, sentTo),
    readClaimedFiles(lakeDir, definition),
    readAccounts(lakeDir, pipeline),
    readTables(folders, definition),
    readServed(folders, clients, definition),
  ]);
  const figures = { pipeline, streams, files, accounts, tables, served };
  return { ...figures, differences: findDifferences(figures) };
}

function readStreams(
  lakeDir: string,
  clients: Clients,
  definition: PackagedDefinition,
  sentTo: SentTo,
): Promise<StreamFigures[]> {
  return Promise.all(
    hubsOf(definition).map(async ({ source, hub }) => {
      const ranges = new Map<string, Range>();
      for (const [id, range] of await hubPartitions(clients, hub))
        if (!range.isEmpty) ranges.set(id, [range.first, range.last]);
      const bronze = await readBronze(lakeDir, hub);
      return { source, sent: sentTo(hub), hub: ranges, bronze };
    }),
  );
}
