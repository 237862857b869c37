import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import {
  rememberingVerifier,
  type TokenAuthority,
} from "../../shared/tokens.ts";
import { errors, fail } from "./errors.ts";

/** With the key a caller may do everything; with an Entra token only what the data plane allows. */
export type Credential = "key" | "entra";

type Authorize = (
  method: string,
  segments: readonly string[],
  headers: IncomingHttpHeaders,
) => Credential | Promise<Credential>;

const AUTHORIZATION = /^type=(master|aad)&ver=1\.0&sig=(.+)$/;

/** Checks the `authorization` header: `type=master` with a signature, or `type=aad` with a token. */
export function authorizer(
  key: string,
  audiences: readonly string[],
  tokens: TokenAuthority,
): Authorize {
  const secret = Buffer.from(key, "base64");
  const isValid = rememberingVerifier(tokens, audiences);
  const entraIf = (isGood: boolean): Credential =>
    isGood ? "entra" : fail(errors.wrongToken);

  return (method, segments, headers) => {
    const [type, signature] = parse(headers.authorization);
    if (type === "aad") {
      const answer = isValid(signature);
      return typeof answer === "boolean"
        ? entraIf(answer)
        : answer.then(entraIf);
    }
    const date = String(headers["x-ms-date"] ?? headers.date ?? "");
    const text = signedText(method, segments, date);
    const wanted = createHmac("sha256", secret).update(text).digest();
    const given = Buffer.from(signature, "base64");
    return given.length === wanted.length && timingSafeEqual(given, wanted)
      ? "key"
      : fail(errors.wrongSignature);
  };
}

function parse(value: string | undefined): [string, string] {
  if (value === undefined) return fail(errors.noAuthorization);
  let decoded: string;
  try {
    decoded = decodeURIComponent(value);
  } catch {
    return fail(errors.wrongSignature);
  }
  const [, type, signature] = AUTHORIZATION.exec(decoded) ?? [];
  return type === undefined || signature === undefined
    ? fail(errors.wrongSignature)
    : [type, signature];
}

/** What the master key signs: verb, type of resource, its name-based link, date. */
function signedText(
  method: string,
  segments: readonly string[],
  date: string,
): string {
  // Deletion by partition key is signed as an operation on its container.
  const of = segments[4] === "operations" ? segments.slice(0, 4) : segments;
  const isFeed = of.length % 2 === 1;
  const type = of.at(isFeed ? -1 : -2) ?? "";
  const names = isFeed ? of.slice(0, -1) : of;
  // Offers are addressed by resource id alone, which is signed in small letters.
  const link =
    type === "offers" ? (names[1] ?? "").toLowerCase() : names.join("/");
  return `${method.toLowerCase()}\n${type.toLowerCase()}\n${link}\n${date.toLowerCase()}\n\n`;
}
