import { createHmac, timingSafeEqual } from "node:crypto";
import type { TokenAuthority } from "../../shared/tokens.ts";
import { pathOf } from "./address.ts";
import { isWithin } from "./claims.ts";
import { fail } from "./errors.ts";

const AUDIENCE = "https://eventhubs.azure.net";
/** The one rule of the local namespace: it may manage, send and listen. */
const RULE = "Root";

/** Whether this is the rule and its key, as SASL PLAIN has them. */
export function isRuleKey(rule: string, given: string, key: string): boolean {
  const [known, shown] = [Buffer.from(key), Buffer.from(given)];
  return (
    rule === RULE &&
    shown.length === known.length &&
    timingSafeEqual(shown, known)
  );
}

/**
 * Checks a shared access signature for an audience. Answers until when it holds, in ms.
 * Source: learn.microsoft.com/azure/event-hubs/authenticate-shared-access-signature
 */
export function checkSas(
  token: string,
  audience: string,
  key: string,
  now: number,
): number {
  const fields = new Map(
    token
      .replace(/^SharedAccessSignature\s+/, "")
      .split("&")
      .map((pair): [string, string] => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
  );
  const resource = fields.get("sr") ?? "";
  const expiry = fields.get("se") ?? "";
  const expected = createHmac("sha256", key)
    .update(`${resource}\n${expiry}`)
    .digest();
  const given = Buffer.from(
    decodeURIComponent(fields.get("sig") ?? ""),
    "base64",
  );
  const isSigned =
    fields.get("skn") === RULE &&
    given.length === expected.length &&
    timingSafeEqual(given, expected);
  if (!isSigned) fail("invalidSignature");
  const scope = pathOf(decodeURIComponent(resource)).toLowerCase();
  if (!isWithin(pathOf(audience).toLowerCase(), scope))
    fail("invalidAudience", { resource: audience });
  const until = Number(expiry) * 1000;
  if (!(until > now)) fail("expiredToken", { at: dateOf(until) });
  return until;
}

/** Checks a bearer token of Entra for Event Hubs. Answers until when it holds, in ms. */
export async function checkJwt(
  token: string,
  audience: string,
  tokens: TokenAuthority,
): Promise<number> {
  const caller = await tokens.verify(token, AUDIENCE);
  return caller?.expiresAt ?? fail("invalidAudience", { resource: audience });
}

const dateOf = (ms: number): string =>
  Number.isFinite(ms) ? new Date(ms).toISOString() : "unknown";
