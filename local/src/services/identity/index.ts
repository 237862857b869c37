import type { Service } from "../../service.ts";
import { identityHeader } from "../../shared/keys.ts";
import { close, listen } from "../../shared/listen.ts";
import { identityServer } from "./server.ts";
import { objectIdOf } from "./state.ts";

/** The managed identity endpoint of App Service: it hands the app its tokens. */
export const identity: Service = {
  name: "identity",
  endpoints: ["identity"],
  async start(context) {
    const { stateDir, tokens, faults, log } = context;
    const server = identityServer(
      {
        objectId: objectIdOf(stateDir),
        header: identityHeader(stateDir),
        tokens,
      },
      faults,
      log,
      context.witness,
    );
    await listen(server, context.port("identity"));
    return { stop: () => close(server) };
  },
};
