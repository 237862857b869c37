/** What Event Grid and the lake say about dropped files. */

/**
 * A dropped file as somebody saw it. Only with the ETag of the closed file is it known to be whole: without one, another
 * file may have its name by now.
 */
export type DroppedFile = { readonly path: string } & (
  | {
      readonly etag: string;
      /** Its writer has closed the file of this ETag: it is whole. */
      readonly isClosed: true;
    }
  | { readonly etag?: string; readonly isClosed: false }
);

/** The part of an Event Grid event that names a file. */
export type LandingEvent = DroppedFile & { readonly container: string };

/** A name may hold ends of lines, such as U+2028. */
const SUBJECT = /^\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/s;

/** The calls that end a file. `CreateFile` begins one: its event says nothing of the end. */
export const CLOSING_APIS = [
  "PutBlob",
  "PutBlockList",
  "FlushWithClose",
  "CopyBlob",
  "SftpCommit",
  "RenameFile",
  "SftpRename",
] as const;

/** `subject` is used, never `data.url`: its host differs by the endpoint that wrote, and a rename has none. */
export function parseLandingEvent(message: unknown): LandingEvent | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { subject, data } = message as {
    subject?: unknown;
    data?: { api?: unknown; eTag?: unknown };
  };
  if (typeof subject !== "string") return undefined;
  const [, container, path] = SUBJECT.exec(subject) ?? [];
  if (container === undefined || path === undefined) return undefined;
  const etag = data?.eTag;
  // A rename tells none.
  if (typeof etag !== "string") return { container, path, isClosed: false };
  const api = data?.api;
  // Subscriptions let only these through; who tells of no call at all has looked at the file.
  const isClosed =
    api === undefined || CLOSING_APIS.some((each) => each === api);
  return { container, path, etag, isClosed };
}

/** Hidden files are somebody's work in progress. */
export const isHidden = (name: string): boolean =>
  name.split("/").some((part) => part.startsWith("."));

/**
 * Whether a file that nobody said to be whole may be taken. What tells it from one that is being written:
 *
 * - An empty file may be open: what a writer appends is not there, and the time of the last change stands still, before
 *   its first flush. It is never taken, however old it is.
 * - Every flush sets a new ETag, length and time of the last change: a file of which all three stand still for the
 *   settling time is taken for whole. A writer that flushes more rarely, and whose file no event closes, needs a longer
 *   LANDING_SETTLE_SECONDS.
 * - A file with a lease is somebody's, and a copy that is under way is not there yet: `claimFile` looks at both.
 */
export const isSettled = (
  {
    bytes,
    modifiedAt,
  }: { readonly bytes: number; readonly modifiedAt: number },
  now: number,
  settleSeconds: number,
): boolean => bytes > 0 && now - modifiedAt >= settleSeconds * 1000;

/**
 * An empty file that has been so for a day: no writer holds one open for so long (what is appended and not flushed is
 * dropped by the service after a week). It replaces nothing, and is set aside.
 */
const EMPTY_STAYS_MS = 86_400_000;

export const isLeftEmpty = (
  {
    bytes,
    modifiedAt,
  }: { readonly bytes: number; readonly modifiedAt: number },
  now: number,
): boolean => bytes === 0 && now - modifiedAt >= EMPTY_STAYS_MS;
