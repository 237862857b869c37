/** What operators asked for and nobody has settled yet. */
import type { Lake } from "../adapters/lake/index.ts";
import { requestPath, requestsFolder } from "../domain/paths.ts";
import type { OperatorRequest } from "../domain/records.ts";
import { findDocument } from "./documents.ts";

/** The open requests in the order they were made. One listing of a folder that people fill by hand, and a read each. */
export async function listRequests(
  { lake }: { readonly lake: Lake },
  pipeline: string,
): Promise<OperatorRequest[]> {
  const files = await lake.list(requestsFolder(pipeline));
  const found = await Promise.all(
    files.map(({ path }) => findDocument<OperatorRequest>(lake, path)),
  );
  // Another reader may have settled one since the listing.
  const open = found.filter((request) => request !== undefined);
  // Ids begin with the time.
  return open.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A request is removed once its effect is in the lake. No error where somebody else removed it. */
export const removeRequest = (
  { lake }: { readonly lake: Lake },
  pipeline: string,
  id: string,
): Promise<void> => lake.remove(requestPath(pipeline, id));
