import { pathOf } from "../address.ts";
import { fail } from "../errors.ts";
import type { Peer } from "../peer.ts";
import type { Namespace } from "./operation.ts";

/** Fails unless one of the connection's tokens is for this entity, or one around it. */
export function requireClaim(
  { context }: Namespace,
  peer: Peer,
  claim: string,
  address: string,
): void {
  if (peer.claims.covers(address, context.clock.now())) return;
  fail("claimMissing", { claim, resource: `sb://${pathOf(address)}` });
}
