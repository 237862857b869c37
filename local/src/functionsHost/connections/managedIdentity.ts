import type { Clock } from "../../shared/clock.ts";
import { AppFault } from "../app/appFault.ts";

/** A bearer token and the time, in milliseconds, when it is of no more use. */
interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

/** The host's own managed identity: listeners use it, as identity-based connections do on Azure. */
export interface Identity {
  token(resource: string): Promise<Token>;
}

/** A token is fetched anew this long before it expires. */
export const RENEW_BEFORE_MS = 300_000;

export function managedIdentity(clock: Clock): Identity {
  const kept = new Map<string, Token>();
  return {
    async token(resource) {
      const known = kept.get(resource);
      if (known && known.expiresAt - clock.now() > RENEW_BEFORE_MS)
        return known;
      const token = await fetchToken(resource);
      kept.set(resource, token);
      return token;
    },
  };
}

async function fetchToken(resource: string): Promise<Token> {
  const endpoint = process.env["IDENTITY_ENDPOINT"];
  if (endpoint === undefined)
    throw new AppFault(
      "The app has no setting 'IDENTITY_ENDPOINT': its connections use a managed identity.",
    );
  const url = new URL(endpoint);
  url.searchParams.set("api-version", "2019-08-01");
  url.searchParams.set("resource", resource);
  const response = await fetch(url, {
    headers: { "X-IDENTITY-HEADER": process.env["IDENTITY_HEADER"] ?? "" },
  });
  if (!response.ok)
    throw new Error(
      `The identity endpoint refused a token for ${resource}: ${response.status}.`,
    );
  const { access_token, expires_on } = (await response.json()) as {
    access_token: string;
    expires_on: number | string;
  };
  return { value: access_token, expiresAt: Number(expires_on) * 1000 };
}
