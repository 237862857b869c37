import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT, errors, jwtVerify } from "jose";

const ISSUER = "https://sts.local.assay/";
const LIFETIME_SECONDS = 3600;

/** Who holds a token, as a service sees it. */
export interface Caller {
  readonly objectId: string;
}

/** Signs the tokens that the identity endpoint hands out, and checks them for every other service. */
export interface TokenAuthority {
  issue(
    audience: string,
    caller: Caller,
  ): Promise<{ token: string; expiresOn: number }>;
  /** The caller, or undefined when the token is not ours, has expired, or was issued for someone else. */
  verify(token: string, audience: string): Promise<Caller | undefined>;
}

/** Tokens signed with a key that is made once and kept with the state. */
export function tokenAuthority(stateDir: string): TokenAuthority {
  const dir = join(stateDir, "identity");
  const keyPath = join(dir, "signing.key");
  if (!existsSync(keyPath)) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(keyPath, randomBytes(32), { mode: 0o600 });
  }
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
        return typeof payload["oid"] === "string"
          ? { objectId: payload["oid"] }
          : undefined;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

/** `https://storage.azure.com/` and `https://storage.azure.com` name the same resource. */
const normalAudience = (audience: string): string =>
  audience.replace(/\/+$/, "").toLowerCase();
