/** Whether all that came in is accounted for: by the batches' own accounts, and by readers that share nothing with them. */
import { join } from "node:path";
import type { Clients } from "../../../local/src/platform/clients.ts";
import type { PlatformFolders } from "../../../local/src/platform/context.ts";
import type { PackagedDefinition } from "../../../local/src/platform/definitions.ts";
import { readAccounts } from "../../../local/src/reconciliation/accounts.ts";
import { readClaimedFiles } from "../../../local/src/reconciliation/claimedFiles.ts";
import { reconcile } from "../../../local/src/reconciliation/reconcile.ts";
import type { Inputs } from "./inputs.ts";
import type { Served } from "./served.ts";
import type { Tally } from "./tally.ts";

interface Books {
  readonly clients: Clients;
  readonly served: Served;
  readonly definition: PackagedDefinition;
  readonly inputs: Inputs;
  readonly folders: PlatformFolders;
}

export async function judgeBooks(
  tally: Tally,
  { clients, served, definition, inputs, folders }: Books,
): Promise<void> {
  const { pipeline, sources } = definition;
  const rounds = [inputs.first, inputs.second];
  const sentTo = (hub: string): number =>
    rounds.reduce((sum, { events }) => sum + (events[hub]?.length ?? 0), 0);
  const { differences, streams } = await reconcile(
    folders,
    clients,
    definition,
    sentTo,
  );
  for (const difference of differences) tally.fail(`The books: ${difference}`);
  for (const { source, bronze } of streams)
    if (bronze.events !== sentTo(source))
      tally.fail(
        `${sentTo(source)} events of ${source} were sent, ${bronze.events} are in bronze.`,
      );

  const lakeDir = join(folders.stateDir, "lake");
  const accounts = await readAccounts(lakeDir, pipeline);
  for (const [source, account] of Object.entries(accounts.sources)) {
    const { received, accepted, duplicate, quarantined, late } = account;
    if (received !== accepted + duplicate + quarantined + late)
      tally.fail(`Of ${received} rows of ${source} not all are accounted for.`);
  }
  const claimed = [...(await readClaimedFiles(lakeDir, definition)).values()];
  for (const [source, { input }] of Object.entries(sources)) {
    if (input !== "files") continue;
    const dropped = rounds
      .flatMap(({ files }) => files)
      .filter(
        (file) => file.source === source && !("left" in file.wanted),
      ).length;
    const found = claimed.filter((file) => file.source === source).length;
    if (found !== dropped)
      tally.fail(
        `${dropped} files of ${source} were dropped, ${found} are claimed.`,
      );
  }
  const { body } = await served.ask(`/api/batches/${pipeline}`);
  const { batches } = body as {
    readonly batches: readonly {
      readonly batch: { readonly digits: string };
      readonly state: string;
    }[];
  };
  for (const { batch, state } of batches)
    if (state !== "processed")
      tally.fail(`Batch ${batch.digits} of ${pipeline} is ${state}.`);
}
