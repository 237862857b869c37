import type { IncomingMessage } from "node:http";

export type AuthLevel = "anonymous" | "function" | "admin";

export interface Keys {
  /** Opens `function`. */
  readonly function: string;
  /** Opens everything. */
  readonly master: string;
}

/** The key may come as a header or, for webhooks and links, in the address. */
function givenKey(request: IncomingMessage, query: string): string | undefined {
  const header = request.headers["x-functions-key"];
  if (typeof header === "string") return header;
  return query.includes("code=")
    ? (new URLSearchParams(query).get("code") ?? undefined)
    : undefined;
}

export function mayCall(
  level: AuthLevel,
  keys: Keys,
  request: IncomingMessage,
  query: string,
): boolean {
  if (level === "anonymous") return true;
  const key = givenKey(request, query);
  return key === keys.master || (level === "function" && key === keys.function);
}
