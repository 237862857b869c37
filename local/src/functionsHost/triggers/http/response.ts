import type { ServerResponse } from "node:http";
import type { Outcome } from "../../worker/index.ts";
import type { HttpCookie, HttpResult } from "../../worker/model.ts";

/** The outcome of a function as an answer. A failure says nothing of its cause to the caller. */
export function writeOutcome(response: ServerResponse, outcome: Outcome): void {
  if (!outcome.ok) {
    writeStatus(response, 500);
    return;
  }
  const http = outcome.response.returnValue?.http;
  if (http === undefined) writeStatus(response, 204);
  else writeHttp(response, http);
}

export function writeStatus(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 204 ? {} : { "content-length": 0 });
  response.end();
}

export function writeJson(
  response: ServerResponse,
  status: number,
  value: unknown,
): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

function writeHttp(
  response: ServerResponse,
  { statusCode, headers, cookies = [], body }: HttpResult,
): void {
  const bytes = body?.bytes;
  const all: Record<string, string | number | string[]> = { ...headers };
  if (cookies.length > 0) all["set-cookie"] = cookies.map(cookieText);
  const status = Number(statusCode ?? 200);
  // The bytes decide: a length that the function gave itself would break the connection when it is wrong.
  if (status === 204 || status === 304) delete all["content-length"];
  else all["content-length"] = bytes?.length ?? 0;
  response.writeHead(status, all);
  response.end(bytes);
}

const SAME_SITE = { lax: "Lax", strict: "Strict", explicitNone: "None" };

function cookieText(cookie: HttpCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  const expires = cookie.expires?.value?.seconds;
  if (expires !== undefined)
    parts.push(`Expires=${new Date(expires * 1000).toUTCString()}`);
  if (cookie.maxAge?.value !== undefined)
    parts.push(`Max-Age=${cookie.maxAge.value}`);
  if (cookie.domain?.value !== undefined)
    parts.push(`Domain=${cookie.domain.value}`);
  parts.push(`Path=${cookie.path?.value ?? "/"}`);
  if (cookie.secure?.value) parts.push("Secure");
  if (cookie.httpOnly?.value) parts.push("HttpOnly");
  const { sameSite = "none" } = cookie;
  if (sameSite !== "none") parts.push(`SameSite=${SAME_SITE[sameSite]}`);
  return parts.join("; ");
}
