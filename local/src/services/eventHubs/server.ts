import { once } from "node:events";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import rhea, { type Container } from "rhea";
import type { RunningService, ServiceContext } from "../../service.ts";
import { sharedKey } from "../../shared/keys.ts";
import { listen } from "../../shared/listen.ts";
import { PlainLogin } from "./amqp/plain.ts";
import { acceptSocket } from "./amqp/rhea.ts";
import {
  IDLE_TIMEOUT_MS,
  MAX_FRAME_BYTES,
  MAX_PUBLICATION_BYTES,
} from "./limits.ts";
import { Links } from "./links.ts";
import type { Namespace } from "./operations/operation.ts";
import { Hubs } from "./state.ts";
import { isRuleKey } from "./tokens.ts";

interface RunningEventHubs extends RunningService {
  readonly port: number;
}

/** The namespace: AMQP 1.0 over TLS, on 127.0.0.1 only. */
export async function startServer(
  context: ServiceContext,
): Promise<RunningEventHubs> {
  const dir = join(context.stateDir, "eventHubs");
  const hubs = new Hubs(dir, context.provision.hubs, context.clock.now());
  const namespace = { hubs, key: sharedKey(context.stateDir), context };
  const container = createContainer(namespace);
  const sockets = new Set<TLSSocket>();
  const server = createServer(
    { cert: context.tls.cert, key: context.tls.key, noDelay: true },
    (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      acceptSocket(container, socket, {
        max_frame_size: MAX_FRAME_BYTES,
        idle_time_out: IDLE_TIMEOUT_MS / 2,
      });
    },
  );
  const port = await listen(server, context.port("eventHubs"));
  return {
    port,
    async stop() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      hubs.close();
    },
  };
}

function createContainer(namespace: Namespace): Container {
  const container = rhea.create_container({
    id: "eventHubs",
    receiver_options: {
      max_message_size: MAX_PUBLICATION_BYTES,
      credit_window: 0,
      autoaccept: false,
    },
    // Settled at once: nobody waits for a receiver's word, its checkpoint is its own affair.
    sender_options: { snd_settle_mode: 1 },
  });
  // Whoever connects is let in; what she may do, her tokens say ($cbs).
  const mechanisms = container.sasl_server_mechanisms as {
    enable_anonymous(): void;
    ANONYMOUS: unknown;
    MSSBCBS: unknown;
    PLAIN: unknown;
  };
  mechanisms.enable_anonymous();
  mechanisms.MSSBCBS = mechanisms.ANONYMOUS;
  mechanisms.PLAIN = () =>
    new PlainLogin((rule, key) => isRuleKey(rule, key, namespace.key));
  new Links(namespace).listenTo(container);
  return container;
}
