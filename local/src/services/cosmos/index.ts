import type { Service } from "../../service.ts";
import { sharedKey } from "../../shared/keys.ts";
import { close, listen } from "../../shared/listen.ts";
import { provision } from "./provision.ts";
import { createCosmosServer } from "./server.ts";
import { Account } from "./state.ts";

/** Cosmos DB for NoSQL: what `@azure/cosmos` asks of an account. */
export const cosmos: Service = {
  name: "cosmos",
  endpoints: ["cosmos"],
  async start(context) {
    const account = new Account(context.stateDir, context.clock);
    provision(account, context.provision.cosmos);
    let port = context.port("cosmos");
    const server = createCosmosServer(
      context,
      account,
      sharedKey(context.stateDir),
      () => port,
    );
    port = await listen(server, port);
    context.log("cosmos.started", { port });
    return {
      async stop() {
        await close(server);
        account.close();
      },
    };
  },
};
