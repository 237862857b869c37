/** The registered generations of streams: what a stream is to everything that plans and reads. */
import type { Lake } from "../adapters/lake/index.ts";
import { streamPath, streamsFolder } from "../domain/paths.ts";
import type { StreamRecord } from "../domain/records.ts";
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

/** All registered generations of a stream: as many as it was created anew, a handful. */
export async function listGenerations(
  lake: Lake,
  kind: string,
  name: string,
): Promise<StreamRecord[]> {
  const files = await lake.list(streamsFolder(kind, name));
  return Promise.all(
    files.map(({ path }) => needDocument<StreamRecord>(lake, path)),
  );
}
