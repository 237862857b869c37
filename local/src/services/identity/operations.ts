import { timingSafeEqual } from "node:crypto";
import type { TokenAuthority } from "../../shared/tokens.ts";
import { fail } from "./errors.ts";
import { API_VERSION } from "./limits.ts";

/** One system-assigned identity, as the app's host would see it. */
export interface ManagedIdentity {
  readonly objectId: string;
  /** What IDENTITY_HEADER holds: it proves that the caller runs inside the app. */
  readonly header: string;
  readonly tokens: TokenAuthority;
}

interface TokenRequest {
  readonly query: URLSearchParams;
  readonly identityHeader: string | undefined;
}

const USER_ASSIGNED = [
  "client_id",
  "clientid",
  "object_id",
  "principal_id",
  "mi_res_id",
  "msi_res_id",
];

/** Every operation of the endpoint, by its name in COVERAGE.md. */
export const operations = {
  async getToken(
    identity: ManagedIdentity,
    { query, identityHeader }: TokenRequest,
  ): Promise<Record<string, string>> {
    if (!sameSecret(identityHeader, identity.header)) fail("missingHeader");
    if (query.get("api-version") !== API_VERSION) fail("wrongVersion");
    if (USER_ASSIGNED.some((name) => query.has(name))) fail("userAssigned");
    const resource = query.get("resource");
    if (resource === null || resource === "") fail("missingResource");
    const { token, expiresOn } = await identity.tokens.issue(resource, {
      objectId: identity.objectId,
    });
    return {
      access_token: token,
      // Seconds since 1970, as a string: the form App Service documents.
      expires_on: String(expiresOn),
      resource,
      token_type: "Bearer",
      client_id: identity.objectId,
    };
  },
} as const;

function sameSecret(given: string | undefined, wanted: string): boolean {
  const a = Buffer.from(given ?? "");
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
