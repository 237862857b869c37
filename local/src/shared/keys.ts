import { createHmac, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./files.ts";

/** The account key of this state, in base64: SharedKey for the lake, master key for Cosmos, SAS for Event Hubs. */
export function sharedKey(stateDir: string): string {
  const path = join(stateDir, "keys.json");
  if (!existsSync(path))
    writeWhole(
      path,
      JSON.stringify({ shared: randomBytes(32).toString("base64") }),
      { mode: 0o600 },
    );
  const { shared } = JSON.parse(readFileSync(path, "utf8")) as {
    shared: string;
  };
  return shared;
}

const derived = (stateDir: string, use: string): string =>
  createHmac("sha256", Buffer.from(sharedKey(stateDir), "base64"))
    .update(use)
    .digest("base64url");

/** The key of the function host's own webhooks (blob trigger, durable management). */
export const systemKey = (stateDir: string): string =>
  derived(stateDir, "functions-system");

/** The default function key: what `authLevel: function` asks for. */
export const functionKey = (stateDir: string): string =>
  derived(stateDir, "functions-default");

/** The value of IDENTITY_HEADER: who may ask the identity endpoint for tokens. */
export const identityHeader = (stateDir: string): string =>
  derived(stateDir, "identity-header");

/** The function host's master key: what `authLevel: admin` asks for; it opens every function. */
export const masterKey = (stateDir: string): string =>
  derived(stateDir, "functions-master");
