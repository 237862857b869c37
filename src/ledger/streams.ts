/** The registered generations of streams: what a stream is to everything that plans and reads. */
import type { Lake } from "../adapters/lake/index.ts";
import { isGeneration } from "../domain/identity.ts";
import { nameOfDocument, streamPath, streamsFolder } from "../domain/paths.ts";
import type { StreamRecord } from "../domain/records.ts";
import { defineCache, type Caches } from "./caches.ts";
import { createOrAdopt, needDocument } from "./documents.ts";

/** Registers a generation, or answers it as another process did. */
export const registerStream = (
  lake: Lake,
  stream: StreamRecord,
): Promise<StreamRecord> =>
  createOrAdopt<StreamRecord>(
    lake,
    streamPath(stream.kind, stream.name, stream.generation),
    stream,
  );

/** Documents of generations that this process has read, by path: they never change. */
const knownGenerations = defineCache(() => new Map<string, StreamRecord>());

/**
 * All registered generations of a stream: as many as it was created anew, a handful. One listing, and a read of each new
 * one. A file of another name, which somebody has put there, is none of ours: it is passed over.
 */
export async function listGenerations(
  context: { readonly lake: Lake; readonly caches: Caches },
  kind: string,
  name: string,
): Promise<StreamRecord[]> {
  const { lake } = context;
  const known = knownGenerations(context);
  const files = await lake.list(streamsFolder(kind, name));
  const pathOf = (generation: string) => streamPath(kind, name, generation);
  const own = files.filter(({ path }) =>
    isGeneration(nameOfDocument(path, pathOf) ?? ""),
  );
  return Promise.all(
    own.map(async ({ path, etag }) => {
      const version = `${path} ${etag}`;
      const record =
        known.get(version) ?? (await needDocument<StreamRecord>(lake, path));
      known.set(version, record);
      return record;
    }),
  );
}
