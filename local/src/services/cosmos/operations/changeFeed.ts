import { feedCharge, READ_NOTHING } from "../charges.ts";
import { errors, fail } from "../errors.ts";
import { header, type Operation, type Request } from "../request.ts";
import type { Container } from "../store/container.ts";
import type { Document } from "../store/document.ts";
import { keyOfRequest } from "../store/partitionKey.ts";
import { containerOf } from "./containers.ts";
import { feedReply, Page, pageSize } from "./feed.ts";
import { rangeFilter } from "./range.ts";
import { checkSession, sessionHeaders } from "./session.ts";

/**
 * The change feed in latest version mode: each document once, at its newest write. Deleted and
 * expired ones are not in it. The ETag is the number of the last write looked at.
 */
export const readChanges: Operation = (request) => {
  if (header(request, "a-im")?.trim().toLowerCase() !== "incremental feed")
    fail(
      errors.notEmulated,
      "The local Cosmos DB has the change feed in latest version mode only.",
    );
  const { store } = containerOf(request);
  checkSession(request, store);
  const since = startOf(request, store);
  const page = new Page(pageSize(request));
  const last = fill(page, request, store, since);
  const headers = {
    ...sessionHeaders(request, store),
    etag: `"${String(last)}"`,
  };
  return page.texts.length === 0
    ? { status: 304, headers, charge: READ_NOTHING }
    : {
        ...feedReply("Documents", store.rid, page.texts, headers),
        charge: feedCharge(page.bytes),
      };
};

/** Without If-None-Match from the beginning; `*` from now; else from an earlier ETag. */
function startOf(request: Request, store: Container): number {
  const after = header(request, "if-none-match");
  if (after === undefined) return 0;
  if (after === "*") return store.lsn;
  const lsn = Number(after.replaceAll('"', ""));
  return Number.isInteger(lsn) && lsn >= 0
    ? lsn
    : fail(errors.badRequest, "The continuation of the feed is malformed.");
}

/** The feed says of each item which write it is from; a read does not. */
const changeText = ({ text, lsn }: Document): string =>
  `${text.slice(0, -1)},"_lsn":${String(lsn)}}`;

/** Adds the changes to the page; returns the number of the last write that is done with. */
function fill(
  page: Page,
  request: Request,
  store: Container,
  since: number,
): number {
  const keyText = header(request, "x-ms-documentdb-partitionkey");
  const key =
    keyText === undefined
      ? undefined
      : keyOfRequest(keyText, store.keyPaths.length);
  const from = header(request, "if-modified-since");
  const fromSeconds = from === undefined ? 0 : Date.parse(from) / 1000;
  const isInRange = rangeFilter(request, store);
  let last = since;
  for (const document of store.changes(since)) {
    const isWanted =
      (key === undefined || document.key === key) &&
      document.ts >= fromSeconds &&
      (!isInRange || isInRange(document));
    if (isWanted && !page.add(changeText(document))) return last;
    last = document.lsn;
  }
  return Math.max(last, store.lsn);
}
