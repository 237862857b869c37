/** How inputs get in: events by the vendor's client to one partition, files by it or copied into the folder. */
import { mkdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EventHubProducerClient } from "@azure/event-hubs";
import type { DataLakeFileSystemClient } from "@azure/storage-file-datalake";
import { chanceOf } from "../chance.ts";
import type { EventVector, FileVector } from "./vectors.ts";

/** In their order, so that an event's place in the list is its sequence number. */
export async function sendAll(
  producer: EventHubProducerClient,
  vectors: readonly EventVector[],
): Promise<void> {
  let batch = await producer.createBatch({ partitionId: "0" });
  for (const { body } of vectors) {
    const event = "bodyType" in body ? body : { body };
    if (batch.tryAdd(event)) continue;
    await producer.sendBatch(batch);
    batch = await producer.createBatch({ partitionId: "0" });
    if (!batch.tryAdd(event))
      throw new Error("An event is larger than a batch.");
  }
  await producer.sendBatch(batch);
  await producer.close();
}

const AT_ONCE = 8;
/** What is empty for a day is set aside. */
const DAYS_MS = 2 * 86_400_000;

export async function dropAll(
  lake: DataLakeFileSystemClient,
  lakeDir: string,
  files: readonly FileVector[],
  seed: number,
): Promise<void> {
  const uploaded: FileVector[] = [];
  for (const [at, file] of files.entries())
    if (file.copied !== undefined || chanceOf(seed, "copied", at).oneIn(3))
      copy(lakeDir, file);
    else uploaded.push(file);
  for (let at = 0; at < uploaded.length; at += AT_ONCE)
    await Promise.all(
      uploaded
        .slice(at, at + AT_ONCE)
        .map(({ source, name, bytes }) =>
          lake.getFileClient(`landing/${source}/${name}`).upload(bytes),
        ),
    );
}

/** As `docs/pipeline.md` says: under a name that begins with a dot, and renamed when it is whole. */
function copy(
  lakeDir: string,
  { source, name, bytes, copied }: FileVector,
): void {
  const path = join(lakeDir, "landing", source, name);
  const unfinished = join(dirname(path), ".unfinished");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(unfinished, bytes);
  if (copied === "old") {
    const then = new Date(Date.now() - DAYS_MS);
    utimesSync(unfinished, then, then);
  }
  renameSync(unfinished, path);
}
