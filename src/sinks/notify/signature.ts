/** Symmetric signatures of webhooks. https://www.standardwebhooks.com */
import { createHmac } from "node:crypto";

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** Bytes. Standard Webhooks asks for no less: a short key can be guessed from what it signed. */
const SHORTEST_KEY = 24;

/**
 * The keys of one secret, or of several with spaces between them: while a secret is exchanged, receivers know the old
 * one or the new one. Undefined where one of them is no secret.
 */
export function keysOfSecrets(secrets: string): Buffer[] | undefined {
  const keys = secrets.trim().split(/\s+/).map(keyOfSecret);
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function keyOfSecret(secret: string): Buffer | undefined {
  const [, base64] = SECRET.exec(secret) ?? [];
  const key = Buffer.from(base64 ?? "", "base64");
  return key.length < SHORTEST_KEY ? undefined : key;
}

/** The headers of a signed event: one signature for each key, a receiver needs one that it can verify. */
export function headersOf(
  id: string,
  body: string,
  keys: readonly Buffer[],
  sentAt: number,
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt / 1000));
  const signatures = keys.map((key) => {
    const hmac = createHmac("sha256", key);
    return `v1,${hmac.update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return {
    "content-type": "application/cloudevents+json; charset=utf-8",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
