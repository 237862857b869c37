import { createHmac, timingSafeEqual } from "node:crypto";

/** What of a request is signed. Header names are in lower case; `path` and `query` as they stood on the wire. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Order of two header names, negative when `a` is first. */
type HeaderOrder = (a: string, b: string) => number;

const STANDARD_HEADERS = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

/** The string that a SharedKey signature is over. Source: learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key. */
function stringToSign(
  account: string,
  request: SignedRequest,
  order: HeaderOrder = cultureOrder,
): string {
  const standard = STANDARD_HEADERS.map((name) => {
    const value = request.headers[name] ?? "";
    // Since service version 2015-02-21 an empty body has an empty length.
    return name === "content-length" && value === "0" ? "" : value;
  });
  return [
    request.method.toUpperCase(),
    ...standard,
    canonicalHeaders(request.headers, order) +
      canonicalResource(account, request),
  ].join("\n");
}

/** The string that a SharedKeyLite signature is over: fewer headers, and of the query only `comp`. */
export function stringToSignLite(
  account: string,
  request: SignedRequest,
  order: HeaderOrder = cultureOrder,
): string {
  const comp = parseQuery(request.query).get("comp")?.join(",");
  return [
    request.method.toUpperCase(),
    request.headers["content-md5"] ?? "",
    request.headers["content-type"] ?? "",
    request.headers["x-ms-date"] === undefined
      ? (request.headers["date"] ?? "")
      : "",
    canonicalHeaders(request.headers, order) +
      `/${account}${request.path}${comp === undefined ? "" : `?comp=${comp}`}`,
  ].join("\n");
}

function canonicalHeaders(
  headers: SignedRequest["headers"],
  order: HeaderOrder,
): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort(order)
    .map((name) => `${name}:${(headers[name] ?? "").trim()}\n`)
    .join("");
}

function canonicalResource(account: string, request: SignedRequest): string {
  const query = [...parseQuery(request.query)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => `\n${name}:${values.sort().join(",")}`);
  return `/${account}${request.path}${query.join("")}`;
}

/** Parameters by lower-case name. A plus sign stays one: this is a URI, not a form. */
export function parseQuery(query: string): Map<string, string[]> {
  const parsed = new Map<string, string[]>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = decodeOrKeep(at < 0 ? pair : pair.slice(0, at)).toLowerCase();
    const value = at < 0 ? "" : decodeOrKeep(pair.slice(at + 1));
    parsed.set(name, [...(parsed.get(name) ?? []), value]);
  }
  return parsed;
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The service sorts header names as .NET's en-US culture does, and the SDKs imitate it: hyphens do not count at
 * first, then underscore, digits, letters; of two names equal so far the one with the earlier hyphen is later.
 */
export function cultureOrder(a: string, b: string): number {
  const left = a.replaceAll("-", "");
  const right = b.replaceAll("-", "");
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const difference = rank(left, i) - rank(right, i);
    if (difference !== 0) return difference;
  }
  if (left.length !== right.length) return left.length - right.length;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const isHyphen = a[i] === "-";
    if (isHyphen !== (b[i] === "-")) return isHyphen ? 1 : -1;
  }
  return 0;
}

const rank = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code === 0x5f ? 0 : code;
};

const ordinalOrder: HeaderOrder = (a, b) => (a < b ? -1 : 1);

export function sign(text: string, key: string): string {
  return createHmac("sha256", Buffer.from(key, "base64"))
    .update(text, "utf8")
    .digest("base64");
}

/** Does the `Authorization` header hold our signature? Either order of headers is taken: clients differ. */
export function isSigned(
  account: string,
  key: string,
  request: SignedRequest,
): boolean {
  const match = /^(SharedKey|SharedKeyLite) ([^:]+):(.+)$/.exec(
    request.headers["authorization"] ?? "",
  );
  if (match?.[2] !== account) return false;
  const form = match[1] === "SharedKey" ? stringToSign : stringToSignLite;
  const given = match[3] ?? "";
  return [cultureOrder, ordinalOrder].some((order) =>
    sameText(sign(form(account, request, order), key), given),
  );
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
