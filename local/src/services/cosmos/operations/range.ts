import { errors, fail } from "../errors.ts";
import { header, type Request } from "../request.ts";
import type { Container } from "../store/container.ts";
import type { Document } from "../store/document.ts";
import { effectiveKey } from "../store/effectiveKey.ts";

/** The range of the one physical partition. */
export const RANGE_ID = "0";
export const ALL = { min: "", max: "FF" } as const;

/** Which documents lie in the part of the range that a request names; undefined where it names none or the whole. */
export function rangeFilter(
  request: Request,
  store: Container,
): ((document: Document) => boolean) | undefined {
  const start = header(request, "x-ms-start-epk");
  const end = header(request, "x-ms-end-epk");
  if (start === undefined && end === undefined) return undefined;
  const type = header(request, "x-ms-read-key-type")?.toLowerCase();
  if (type !== undefined && type !== "effectivepartitionkeyrange")
    fail(errors.badRequest, `x-ms-read-key-type ${type} is invalid.`);
  const min = (start ?? ALL.min).toUpperCase();
  const max = (end ?? ALL.max).toUpperCase();
  if (min === ALL.min && max === ALL.max) return undefined;
  return ({ key }) => {
    const place = effectiveKey(store, key);
    return min <= place && place < max;
  };
}

/** Whether the request is for a range of keys: an SDK that goes through the ranges itself has been told to. */
export const namesRange = (request: Request): boolean =>
  header(request, "x-ms-documentdb-partitionkeyrangeid") !== undefined ||
  header(request, "x-ms-start-epk") !== undefined;
