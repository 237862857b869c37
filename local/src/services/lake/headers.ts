import { fail } from "./errors.ts";
import type { Exchange } from "./exchange.ts";

/** What this server reads of a request, or what says nothing about the work. */
const TAKEN: ReadonlySet<string> = new Set([
  "x-ms-authorization-auxiliary",
  "x-ms-blob-cache-control",
  "x-ms-blob-content-disposition",
  "x-ms-blob-content-encoding",
  "x-ms-blob-content-language",
  "x-ms-blob-content-md5",
  "x-ms-blob-content-type",
  "x-ms-blob-public-access",
  "x-ms-blob-type",
  "x-ms-cache-control",
  "x-ms-client-request-id",
  "x-ms-content-disposition",
  "x-ms-content-encoding",
  "x-ms-content-language",
  "x-ms-content-md5",
  "x-ms-content-type",
  "x-ms-date",
  "x-ms-delete-snapshots",
  "x-ms-file-request-intent",
  "x-ms-lease-id",
  "x-ms-properties",
  "x-ms-range",
  "x-ms-range-get-content-md5",
  "x-ms-rename-source",
  "x-ms-return-client-request-id",
  "x-ms-source-if-match",
  "x-ms-source-if-modified-since",
  "x-ms-source-if-none-match",
  "x-ms-source-if-unmodified-since",
  "x-ms-source-lease-id",
  "x-ms-upn",
  "x-ms-useragent",
  "x-ms-version",
]);

const isTaken = (name: string): boolean =>
  !name.startsWith("x-ms-") ||
  TAKEN.has(name) ||
  // Python's queue client sends a header without a name, which means nothing.
  name === "x-ms-meta" ||
  name.startsWith("x-ms-meta-") ||
  // What Hadoop's driver reports of its last requests.
  name.startsWith("x-ms-abfs-");

const UNSUPPORTED_PARAMETERS = ["snapshot", "versionid", "deletetype"];

/**
 * Whatever would change what an operation does is refused with its name, never ignored. What is taken is listed, not
 * what is refused: Microsoft adds headers, and a new one must not be met with a false success.
 */
export function checkHeaders(exchange: Exchange): void {
  for (const name of Object.keys(exchange.request.headers))
    if (!isTaken(name) && exchange.header(name) !== undefined)
      fail("notSupported", `The header ${name}.`);
  for (const name of UNSUPPORTED_PARAMETERS)
    if (exchange.query(name) !== undefined)
      fail("notSupported", `The query parameter ${name}.`);
  if (
    exchange.header("x-ms-lease-id") !== undefined ||
    exchange.header("x-ms-source-lease-id") !== undefined
  )
    fail("leaseNotPresent");
}
