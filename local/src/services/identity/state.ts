import { createHash } from "node:crypto";
import { identityHeader } from "../../shared/keys.ts";

/**
 * The object id of the one managed identity of this platform. It is derived from the state's own key, so it needs
 * no file, stays the same at every start, and differs between two platforms.
 */
export function objectIdOf(stateDir: string): string {
  const hex = createHash("sha256")
    .update(`managed-identity\n${identityHeader(stateDir)}`)
    .digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
