/** What Event Grid and the lake say about dropped files. */

/** The part of an Event Grid event that names a file. */
export interface LandingEvent {
  readonly container: string;
  readonly path: string;
  /** A rename tells none. */
  readonly etag?: string;
}

const SUBJECT = /^\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/;

/** `subject` is used, never `data.url`: its host differs by the endpoint that wrote, and a rename has none. */
export function parseLandingEvent(message: unknown): LandingEvent | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { subject, data } = message as {
    subject?: unknown;
    data?: { eTag?: unknown };
  };
  if (typeof subject !== "string") return undefined;
  const [, container, path] = SUBJECT.exec(subject) ?? [];
  if (container === undefined || path === undefined) return undefined;
  const etag = data?.eTag;
  return typeof etag === "string"
    ? { container, path, etag }
    : { container, path };
}

/** Hidden files are somebody's work in progress. */
export const isHidden = (name: string): boolean =>
  name.split("/").some((part) => part.startsWith("."));

/**
 * A file that nobody announced is taken when it has not changed for a while: a writer that flushes now and then is
 * still writing. Every flush sets the time of the last change.
 */
export const isSettled = (
  modifiedAt: number,
  now: number,
  settleSeconds: number,
): boolean => now - modifiedAt >= settleSeconds * 1000;
