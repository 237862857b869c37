import { errors, fail } from "../errors.ts";
import { header, segment, type Request } from "../request.ts";
import type { Container } from "../store/container.ts";

const TOKEN = /^0:-1#(\d+)$/;

/** A reader that has seen a write which this state does not have must not be given older data. */
export function checkSession(request: Request, store: Container): void {
  const token = header(request, "x-ms-session-token");
  const seen = token === undefined ? undefined : TOKEN.exec(token)?.[1];
  if (seen !== undefined && Number(seen) > store.lsn)
    fail(errors.sessionNotAvailable);
}

/** The SDK keeps the token under the container that these headers name. */
export const sessionHeaders = (
  request: Request,
  store: Container,
): Record<string, string | number> => ({
  "x-ms-session-token": `0:-1#${String(store.lsn)}`,
  "x-ms-content-path": store.rid,
  "x-ms-alt-content-path": `dbs/${encodeURIComponent(segment(request, 1))}/colls/${encodeURIComponent(segment(request, 3))}`,
});
