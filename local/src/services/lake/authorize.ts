import type { TokenAuthority } from "../../shared/tokens.ts";
import { fail } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { MAX_CLOCK_SKEW_MS } from "./limits.ts";
import { isSigned } from "./sharedKey.ts";

export const STORAGE_AUDIENCE = "https://storage.azure.com";

/** What Azure sends with a 401: the SDKs read from it where to ask for a token. */
export const CHALLENGE =
  "Bearer authorization_uri=https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/authorize resource_id=https://storage.azure.com";

/** A token is checked once in a while, not once a request: checking costs more than a small read. */
const RECHECK_AFTER_MS = 60_000;
const MOST_REMEMBERED = 1000;

export type Authorize = (exchange: Exchange) => Promise<void>;

export function authorizer(
  account: string,
  key: string,
  tokens: TokenAuthority,
): Authorize {
  const checked = new Map<string, number>();

  async function checkToken(token: string): Promise<void> {
    const until = checked.get(token);
    if (until !== undefined && until > Date.now()) return;
    const caller = await tokens.verify(token, STORAGE_AUDIENCE);
    if (!caller) fail("invalidToken");
    if (checked.size >= MOST_REMEMBERED) checked.clear();
    checked.set(
      token,
      Math.min(Date.now() + RECHECK_AFTER_MS, expiryOf(token)),
    );
  }

  return async (exchange) => {
    const authorization = exchange.header("authorization");
    if (authorization === undefined) {
      if (exchange.query("sig") !== undefined)
        fail(
          "authenticationFailed",
          "The local lake takes no shared access signatures.",
        );
      fail("noAuthentication");
    }
    if (authorization.startsWith("Bearer "))
      return checkToken(authorization.slice("Bearer ".length));
    const sentAt = Date.parse(
      exchange.header("x-ms-date") ?? exchange.header("date") ?? "",
    );
    // The real time, not the platform's clock: the clients sign with theirs.
    if (!(Math.abs(Date.now() - sentAt) <= MAX_CLOCK_SKEW_MS))
      fail("authenticationFailed", "Request date header too old.");
    const { method, rawPath: path, rawQuery: query, request } = exchange;
    const headers = request.headers as Record<string, string | undefined>;
    if (!isSigned(account, key, { method, path, query, headers }))
      fail("authenticationFailed");
    return undefined;
  };
}

/** Only asked of a token whose signature was found right. */
function expiryOf(token: string): number {
  const payload = token.split(".")[1] ?? "";
  const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as {
    exp: number;
  };
  return exp * 1000;
}
