import { sep } from "node:path";
import { fail } from "./errors.ts";
import { MAX_BLOB_NAME_LENGTH, MAX_PATH_SEGMENTS } from "./limits.ts";

/** What a request's path names: an account, a container (or queue), or a path in it. */
export interface Address {
  readonly container: string;
  /** Segments joined with `/`, decoded; empty for the container itself. */
  readonly path: string;
}

/** Splits a raw, percent-encoded URL path. `account` undefined: the path begins with the container. */
export function parseAddress(
  rawPath: string,
  account: string | undefined,
): Address {
  // Decoded before it is split: the SDKs send the slashes inside a blob's name as %2F.
  const [root, first, ...rest] = decode(rawPath).split("/");
  if (root !== "") fail("invalidUri");
  if (account === undefined)
    return { container: first ?? "", path: cleanPath(rest.join("/")) };
  if (first !== account)
    fail("invalidUri", `The path must begin with /${account}.`);
  const [container = "", ...path] = rest;
  return { container, path: cleanPath(path.join("/")) };
}

export function decode(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    return fail("invalidUri", "The path is not percent-encoded UTF-8.");
  }
}

/** Drops one trailing slash and refuses what could leave the container or cannot be told apart. */
export function cleanPath(path: string): string {
  const trimmed = path.endsWith("/") ? path.slice(0, -1) : path;
  if (trimmed === "") return "";
  for (const segment of trimmed.split("/")) {
    if (segment === "" || segment === "." || segment === "..")
      fail("invalidUri", "A path has no empty, '.' or '..' segments.");
  }
  return trimmed;
}

/**
 * A segment that this server serves. Names that begin with a dot belong to tools that write the directory
 * directly (Hadoop's .crc, editors, file managers), so they are neither listed nor taken. A backslash would be
 * a separator on Windows.
 */
export function isServedName(segment: string): boolean {
  return (
    !segment.startsWith(".") &&
    !NEVER_SERVED.test(segment) &&
    (sep === "/" || !NOT_ON_WINDOWS.test(segment))
  );
}

// eslint-disable-next-line no-control-regex -- XML 1.0 has no way to list them
const NEVER_SERVED = /[\u0000-\u001f\u007f\\\ufffe\uffff]/;
const NOT_ON_WINDOWS = /[<>:"|?*]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** 255 bytes: what the file systems of Linux and macOS hold in one segment. */
const MAX_SEGMENT_BYTES = 255;

/** Checks a path that is about to be made. */
export function checkNewPath(path: string): void {
  const segments = path.split("/");
  if (
    path.length > MAX_BLOB_NAME_LENGTH ||
    segments.length + 2 > MAX_PATH_SEGMENTS
  )
    fail("outOfRangeName");
  for (const segment of segments) {
    if (!isServedName(segment))
      fail(
        "invalidResourceName",
        "The local lake takes no segment with a leading dot, a backslash or a control character.",
      );
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)
      fail(
        "outOfRangeName",
        `The local lake takes segments of at most ${MAX_SEGMENT_BYTES} bytes.`,
      );
  }
}

/** The same rule for containers and queues. Source: learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata. */
export function checkContainerName(name: string): void {
  if (name.length < 3 || name.length > 63) fail("outOfRangeName");
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) fail("invalidResourceName");
}
