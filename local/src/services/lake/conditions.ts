import { fail, type ErrorName } from "./errors.ts";
import type { Exchange } from "./exchange.ts";

/** What conditions are checked against. */
interface Version {
  readonly etag: string;
  readonly modifiedAt: Date;
}

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

export const conditionsOf = (
  exchange: Exchange,
  prefix: "" | "x-ms-source-" = "",
): Conditions => ({
  ifMatch: exchange.header(`${prefix}if-match`),
  ifNoneMatch: exchange.header(`${prefix}if-none-match`),
  ifModifiedSince: exchange.header(`${prefix}if-modified-since`),
  ifUnmodifiedSince: exchange.header(`${prefix}if-unmodified-since`),
});

/** Before a write to `existing`, which may not be there. */
export function checkWrite(
  conditions: Conditions,
  existing: Version | undefined,
  failed: ErrorName = "conditionNotMet",
): void {
  if (conditions.ifNoneMatch === "*" && existing) fail("blobExists");
  if (!holdsForMatch(conditions, existing)) fail(failed);
  if (existing && isUnchanged(conditions, existing)) fail(failed);
}

/** Before a read: what has not changed is answered 304, without a body. */
export function checkRead(conditions: Conditions, existing: Version): void {
  if (!holdsForMatch(conditions, existing)) fail("conditionNotMet");
  if (isUnchanged(conditions, existing)) fail("notModified");
}

function holdsForMatch(
  { ifMatch, ifUnmodifiedSince }: Conditions,
  existing: Version | undefined,
): boolean {
  if (ifMatch !== undefined)
    return existing !== undefined && matches(ifMatch, existing.etag);
  return (
    ifUnmodifiedSince === undefined ||
    (existing !== undefined &&
      seconds(existing.modifiedAt) <= time(ifUnmodifiedSince))
  );
}

function isUnchanged(
  { ifNoneMatch, ifModifiedSince }: Conditions,
  existing: Version,
): boolean {
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, existing.etag);
  return (
    ifModifiedSince !== undefined &&
    seconds(existing.modifiedAt) <= time(ifModifiedSince)
  );
}

/** Lists give ETags without quotes, headers with them: both forms are taken. */
function matches(header: string, etag: string): boolean {
  return (
    header === "*" ||
    header.split(",").some((one) => one.trim().replace(/^"|"$/g, "") === etag)
  );
}

/** HTTP dates have no fractions. */
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

function time(header: string): number {
  const at = Date.parse(header);
  return Number.isNaN(at) ? fail("invalidHeader", header) : at / 1000;
}
