import type { Lake } from "../adapters/lake/index.ts";
import { AssayError } from "../errors.ts";

const textOf = (document: unknown): string =>
  `${JSON.stringify(document, null, 1)}\n`;

/** A JSON document of the lake. What is below `_assay` was written by us: its shape is taken as the path tells it. */
export async function findDocument<T>(
  lake: Lake,
  path: string,
): Promise<T | undefined> {
  const found = await lake.read(path);
  return found && (JSON.parse(found.text) as T);
}

export async function needDocument<T>(lake: Lake, path: string): Promise<T> {
  const found = await findDocument<T>(lake, path);
  if (found === undefined)
    throw new AssayError("STATE_MISSING", `${path} is not in the lake.`);
  return found;
}

export const createDocument = (
  lake: Lake,
  path: string,
  document: unknown,
): Promise<boolean> => lake.createOnce(path, textOf(document));

export const replaceDocument = (
  lake: Lake,
  path: string,
  document: unknown,
  etag?: string,
): Promise<boolean> => lake.replace(path, textOf(document), etag);

/** Creates it, or answers what is there: of several writers all go on with the winner's. */
export async function createOrAdopt<T>(
  lake: Lake,
  path: string,
  document: T,
): Promise<T> {
  if (await createDocument(lake, path, document)) return document;
  return needDocument<T>(lake, path);
}
