import type { DocumentWrite } from "../adapters/cosmos/index.ts";
import { addPublished, type PublishedTables } from "../domain/accounts.ts";
import { containerOf, documentOf, type Change } from "../domain/documents.ts";
import { fenceOf } from "../domain/fences.ts";
import { changePartsOf, shareOf, type ChangePart } from "../domain/parts.ts";
import { batchPaths } from "../domain/paths.ts";
import type { ProcessRecord } from "../domain/records.ts";
import { AssayError } from "../errors.ts";
import { needManifest } from "../ledger/batches.ts";
import { needDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import { changesPublished } from "../telemetry/events.ts";
import type { BatchRef } from "./planBatch.ts";

export interface ShareRef extends BatchRef {
  readonly share: number;
  readonly width: number;
}

/** Publishes one share of a batch's changes. Run again, it writes the same documents again. */
export async function publishShare(
  context: AppContext,
  { pipeline, batch, share, width }: ShareRef,
): Promise<PublishedTables> {
  const { lake } = context;
  const process = await needDocument<ProcessRecord>(
    lake,
    batchPaths(pipeline, batch).process,
  );
  const { incarnation } = await needManifest(lake, pipeline, batch);
  const published: PublishedTables[] = [];
  for (const part of shareOf(changePartsOf(process), share, width)) {
    const table = process.gold[part.table];
    const isMostlyNew = table !== undefined && table.inserted >= table.updated;
    published.push({
      [part.table]: await publishPart(context, {
        pipeline,
        batch,
        fence: fenceOf(incarnation, batch),
        part,
        isMostlyNew,
      }),
    });
  }
  const counts = addPublished(published);
  for (const table of Object.values(counts))
    changesPublished(context.log, { pipeline, batch, share, ...table });
  return counts;
}

interface PartOfBatch extends BatchRef {
  readonly fence: string;
  readonly part: ChangePart;
  readonly isMostlyNew: boolean;
}

/** A create that meets a document becomes a patch, a patch that meets none a create; then both have met all there is. */
const MAX_ROUNDS = 4;

async function publishPart(
  { lake, store }: AppContext,
  { pipeline, batch, fence, part, isMostlyNew }: PartOfBatch,
): Promise<PublishedTables[string]> {
  const found = await lake.read(part.path);
  if (!found)
    throw new AssayError("STATE_MISSING", `${part.path} is not in the lake.`);
  let open = found.text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): DocumentWrite => {
      const change = JSON.parse(line) as Change;
      const kind = isMostlyNew && change.op === "upsert" ? "create" : "patch";
      return { kind, document: documentOf(change, batch, fence) };
    });
  const counts = { upserted: 0, deleted: 0, skipped: 0 };
  const container = containerOf(pipeline, part.table);
  for (let round = 0; open.length > 0; round += 1) {
    const statuses = await store.write(container, open);
    const next: DocumentWrite[] = [];
    open.forEach((write, index) => {
      const status = statuses[index] ?? 0;
      const isLastRound = round + 1 >= MAX_ROUNDS;
      if (status >= 200 && status < 300)
        counts[write.document.deleted ? "deleted" : "upserted"] += 1;
      // The stored fence is newer: a later batch has published this document.
      else if (status === 412) counts.skipped += 1;
      else if (status === 409 && write.kind === "create" && !isLastRound)
        next.push({ ...write, kind: "patch" });
      else if (status === 404 && write.kind === "patch" && !isLastRound)
        next.push({ ...write, kind: "create" });
      else
        throw new AssayError(
          "STORE_REFUSED",
          `${container} answered ${status} to a ${write.kind}.`,
        );
    });
    open = next;
  }
  return counts;
}
