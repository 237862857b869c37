/** What operators asked for and nobody has settled yet. */
import type { Lake, LakeFile } from "../adapters/lake/index.ts";
import {
  nameOfDocument,
  requestPath,
  requestsFolder,
} from "../domain/paths.ts";
import type { OperatorRequest } from "../domain/records.ts";
import { isRequestId, parseRequest } from "../domain/parseRequest.ts";
import { requestRefused, type Log } from "../telemetry/events.ts";
import { defineCache, type Caches } from "./caches.ts";

export interface RequestPorts {
  readonly lake: Lake;
  readonly caches: Caches;
  readonly log: Log;
}

/** Bytes. A request has some two hundred. */
const LARGEST = 10_000;

/** The files that are no requests and of which the log knows, by pipeline. */
const refusedFiles = defineCache(() => new Map<string, ReadonlySet<string>>());

/**
 * The open requests in the order they were made. One listing of a folder that people fill by hand, and a read each.
 * What is no request is told in the log, once a process, and left alone: it holds up nothing else.
 */
export async function listRequests(
  context: RequestPorts,
  pipeline: string,
): Promise<OperatorRequest[]> {
  const files = await context.lake.list(requestsFolder(pipeline));
  const open: OperatorRequest[] = [];
  const odd: LakeFile[] = [];
  await Promise.all(
    files.map(async (file) => {
      const found = await readRequest(context.lake, pipeline, file);
      if (found === "odd") odd.push(file);
      else if (found) open.push(found);
    }),
  );
  tellOf(context, pipeline, odd);
  // Ids begin with the time.
  return open.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Undefined where another reader has settled it since the listing. Its id is its name, whatever it says itself. */
async function readRequest(
  lake: Lake,
  pipeline: string,
  { path, bytes }: LakeFile,
): Promise<OperatorRequest | "odd" | undefined> {
  const id = nameOfDocument(path, (name) => requestPath(pipeline, name));
  if (id === undefined || !isRequestId(id) || bytes > LARGEST) return "odd";
  const found = await lake.read(path);
  return found && (parseRequest(id, found.text) ?? "odd");
}

function tellOf(
  context: RequestPorts,
  pipeline: string,
  odd: readonly LakeFile[],
): void {
  const known = refusedFiles(context);
  const before = known.get(pipeline);
  // A file that is written anew is told anew.
  const versions = new Map(
    odd.map(({ path, etag }) => [`${path} ${etag}`, path]),
  );
  known.set(pipeline, new Set(versions.keys()));
  for (const [version, path] of versions)
    if (!before?.has(version)) requestRefused(context.log, { pipeline, path });
}

/** A request is removed once its effect is in the lake. No error where somebody else removed it. */
export const removeRequest = (
  { lake }: { readonly lake: Lake },
  pipeline: string,
  id: string,
): Promise<void> => lake.remove(requestPath(pipeline, id));
