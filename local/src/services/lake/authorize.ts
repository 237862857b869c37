import {
  rememberingVerifier,
  type TokenAuthority,
} from "../../shared/tokens.ts";
import { fail } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { MAX_CLOCK_SKEW_MS } from "./limits.ts";
import { isSigned } from "./sharedKey.ts";

const STORAGE_AUDIENCE = "https://storage.azure.com";

/** What Azure sends with a 401: the SDKs read from it where to ask for a token. */
export const CHALLENGE =
  "Bearer authorization_uri=https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/authorize resource_id=https://storage.azure.com";

export type Authorize = (exchange: Exchange) => Promise<void>;

export function authorizer(
  account: string,
  key: string,
  tokens: TokenAuthority,
): Authorize {
  const isValid = rememberingVerifier(tokens, [STORAGE_AUDIENCE]);

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
    if (authorization.startsWith("Bearer ")) {
      const token = authorization.slice("Bearer ".length);
      return (await isValid(token)) ? undefined : fail("invalidToken");
    }
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
