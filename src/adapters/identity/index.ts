import type { TokenCredential } from "@azure/identity";
import type { Config } from "../../config.ts";
import { onFirstUse } from "../onFirstUse.ts";

/** The app's own identity: one credential for all services, so that each token is fetched once. */
export type Identity = () => Promise<TokenCredential>;

export const createIdentity = (config: Config): Identity =>
  onFirstUse(async () => {
    const { clientId } = config.identity;
    const { ManagedIdentityCredential } = await import("@azure/identity");
    return clientId === undefined
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId });
  });
