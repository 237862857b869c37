import type { Lake } from "../adapters/lake/index.ts";
import type { DocumentVersion } from "../domain/records.ts";
import { AssayError } from "../errors.ts";

/** The version of every document below `_assay` that this app reads and writes. */
const VERSION: DocumentVersion = 3;

const textOf = (document: unknown): string =>
  `${JSON.stringify(document, null, 1)}\n`;

/**
 * A JSON document of the lake. What is below `_assay` was written by us: its shape is taken as the path tells it,
 * once its version is known to be ours.
 */
export async function findDocument<T>(
  lake: Lake,
  path: string,
): Promise<T | undefined> {
  const found = await lake.read(path);
  return found && (parseDocument(path, found.text) as T);
}

/**
 * A document that is written anew all the time, and says nothing that cannot be found again. One that cannot be read is as
 * good as none: the next one replaces it.
 */
export async function findStatus<T>(
  lake: Lake,
  path: string,
): Promise<T | undefined> {
  try {
    return await findDocument<T>(lake, path);
  } catch (error) {
    if (error instanceof AssayError) return undefined;
    throw error;
  }
}

export interface FoundDocument<T> {
  readonly document: T;
  readonly etag: string;
}

/** The same with its ETag, for a change on condition that it is still the one that was read. */
export async function findDocumentWithEtag<T>(
  lake: Lake,
  path: string,
): Promise<FoundDocument<T> | undefined> {
  const found = await lake.read(path);
  return (
    found && {
      document: parseDocument(path, found.text) as T,
      etag: found.etag,
    }
  );
}

function parseDocument(path: string, text: string): unknown {
  const document = parseObject(path, text);
  if (document.version === VERSION) return document;
  const version =
    typeof document.version === "number"
      ? `version ${document.version}`
      : "no version";
  throw new AssayError(
    "STATE_VERSION",
    `${path} was written by another version of Assay: it has ${version}, this one reads version ${VERSION}.`,
  );
}

/** An error of the parser alone would not say which of thousands of documents it is. */
function parseObject(
  path: string,
  text: string,
): { readonly version?: unknown } {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === "object" && document !== null) return document;
  } catch {
    // Told below, as anything else that is no document.
  }
  throw new AssayError(
    "STATE_VERSION",
    `${path} is no document of Assay: it holds no JSON object.`,
  );
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
