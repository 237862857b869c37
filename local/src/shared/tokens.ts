import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT, errors, jwtVerify } from "jose";
import { writeWhole } from "./files.ts";

const ISSUER = "https://sts.local.assay/";
/** Of a managed identity: learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations */
const LIFETIME_SECONDS = 86_400;

/** Who holds a token, as a service sees it. */
interface Caller {
  readonly objectId: string;
}

interface VerifiedCaller extends Caller {
  /** In milliseconds. */
  readonly expiresAt: number;
}

/** Signs the tokens that the identity endpoint hands out, and checks them for every other service. */
export interface TokenAuthority {
  issue(
    audience: string,
    caller: Caller,
  ): Promise<{ token: string; expiresOn: number }>;
  /** The caller, or undefined when the token is not ours, has expired, or was issued for someone else. */
  verify(token: string, audience: string): Promise<VerifiedCaller | undefined>;
}

/** Tokens signed with a key that is made once and kept with the state. */
export function tokenAuthority(stateDir: string): TokenAuthority {
  const keyPath = join(stateDir, "identity", "signing.key");
  if (!existsSync(keyPath))
    writeWhole(keyPath, randomBytes(32), { mode: 0o600 });
  const key = readFileSync(keyPath);
  return {
    async issue(audience, caller) {
      const expiresOn = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
      const token = await new SignJWT({ oid: caller.objectId })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setIssuer(ISSUER)
        .setAudience(normalAudience(audience))
        .setIssuedAt()
        .setExpirationTime(expiresOn)
        .sign(key);
      return { token, expiresOn };
    },
    async verify(token, audience) {
      try {
        const { payload } = await jwtVerify(token, key, {
          issuer: ISSUER,
          audience: normalAudience(audience),
          algorithms: ["HS256"],
        });
        const { oid, exp } = payload;
        return typeof oid === "string" && exp !== undefined
          ? { objectId: oid, expiresAt: exp * 1000 }
          : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

const RECHECK_AFTER_MS = 60_000;
const MOST_REMEMBERED = 1000;

/** Checks tokens for some audiences, each once in a while and not once a request: that costs more than a small read. */
export function rememberingVerifier(
  tokens: TokenAuthority,
  audiences: readonly string[],
): (token: string) => boolean | Promise<boolean> {
  const remembered = new Map<string, number>();
  const verify = async (token: string): Promise<boolean> => {
    for (const audience of audiences) {
      const caller = await tokens.verify(token, audience);
      if (caller === undefined) continue;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      // Tokens live in real time, whatever the platform's clock says.
      const until = Math.min(Date.now() + RECHECK_AFTER_MS, caller.expiresAt);
      remembered.set(token, until);
      return true;
    }
    return false;
  };
  return (token) => (remembered.get(token) ?? 0) > Date.now() || verify(token);
}

/** `https://storage.azure.com/` and `https://storage.azure.com` name the same resource. */
const normalAudience = (audience: string): string =>
  audience.replace(/\/+$/, "").toLowerCase();
