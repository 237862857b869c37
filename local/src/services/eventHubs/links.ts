import rhea, {
  type Connection,
  type Container,
  type EventContext,
  type Receiver,
  type Sender,
} from "rhea";
import type { Fault } from "../../shared/faults.ts";
import { CBS, addressOf, isManagement, nodeOf, pathOf } from "./address.ts";
import { formatOf, hasLoggedIn, tapSession } from "./amqp/rhea.ts";
import { EventHubsError, errorOfStatus } from "./errors.ts";
import { SENDER_CREDIT } from "./limits.ts";
import { operations } from "./operations/index.ts";
import type { Namespace } from "./operations/operation.ts";
import type { Sent, Target } from "./operations/send.ts";
import { Peer } from "./peer.ts";
import { answerRequest } from "./requests.ts";

/** What happens on links, led to the operations. */
export class Links {
  readonly #namespace: Namespace;
  readonly #peers = new WeakMap<Connection, Peer>();
  readonly #targets = new WeakMap<Receiver, Target>();

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  listenTo(container: Container): void {
    const { context } = this.#namespace;
    container.on("connection_open", ({ connection }: EventContext) => {
      const peer = new Peer(connection, context.clock);
      this.#peers.set(connection, peer);
      if (hasLoggedIn(connection)) context.witness?.("saslPlain", peer.agent);
    });
    container.on("session_open", ({ connection, session }: EventContext) => {
      if (session) tapSession(session, () => this.#peer(connection).wake());
    });
    container.on("sender_open", ({ connection, sender }: EventContext) => {
      if (sender) this.#openSource(this.#peer(connection), sender);
    });
    container.on("receiver_open", ({ connection, receiver }: EventContext) => {
      if (receiver) this.#openTarget(this.#peer(connection), receiver);
    });
    container.on("message", (event: EventContext) => this.#take(event));
    for (const closed of ["sender_close", "receiver_close"])
      container.on(closed, ({ connection, sender, receiver }: EventContext) => {
        const link = sender ?? receiver;
        if (link) this.#peers.get(connection)?.closeLink(link);
      });
    for (const end of ["connection_close", "session_close", "disconnected"])
      container.on(end, () => undefined);
    for (const failure of [
      "error",
      "protocol_error",
      "connection_error",
      "session_error",
      "sender_error",
      "receiver_error",
    ])
      container.on(failure, (reason: unknown) => {
        const error = reason instanceof Error ? reason.message : undefined;
        context.log("eventHubs.connectionFailed", { failure, error });
      });
  }

  /** A client wants to receive: events, or answers. */
  #openSource(peer: Peer, link: Sender): void {
    const address = addressOf(link.source);
    link.set_source({ address, ...filterOf(link) });
    link.set_target(link.target);
    if (pathOf(address) === CBS || isManagement(address)) {
      peer.openReplyLink(link, pathOf(address), addressOf(link.target));
      return;
    }
    const path = pathOf(address);
    this.#guarded(link, () => {
      const fault = this.#fault("receive", path);
      if (fault?.action === "refuse") throw errorOfStatus(fault.status);
      if (fault?.action === "lose") peer.destroy();
      if (fault) return;
      operations.receive.open(this.#namespace, peer, link, path);
    });
  }

  /** A client wants to send: events, or requests. */
  #openTarget(peer: Peer, link: Receiver): void {
    const address = addressOf(link.target);
    link.set_target({ address });
    link.set_source(link.source);
    if (pathOf(address) !== CBS && !isManagement(address)) {
      const path = pathOf(address);
      const isOpen = this.#guarded(link, () => {
        const target = operations.send.open(this.#namespace, peer, link, path);
        this.#targets.set(link, target);
        peer.openLink(link, path);
      });
      if (!isOpen) return;
    }
    link.add_credit(SENDER_CREDIT);
  }

  #take({ connection, receiver, delivery, message }: EventContext): void {
    // What is still under way to a link that we have closed is not taken: nobody could tell its sender.
    if (!delivery || !receiver?.is_open()) return;
    // All sessions are tapped: messages arrive as bytes.
    const bytes = message as unknown as Buffer;
    const peer = this.#peer(connection);
    refill(receiver);
    const target = this.#targets.get(receiver);
    if (target) {
      const format = formatOf(delivery.format);
      this.#publish(peer, target, { delivery, bytes, format });
      return;
    }
    delivery.accept();
    const request = rhea.message.decode(bytes);
    void answerRequest(
      this.#namespace,
      peer,
      receiver,
      request as unknown as Parameters<typeof answerRequest>[3],
    );
  }

  #publish(peer: Peer, target: Target, sent: Sent): void {
    const { delivery } = sent;
    const path = nodeOf((delivery.link as Receiver).target);
    const fault = this.#fault("send", path);
    if (fault?.action === "hang") return;
    try {
      if (fault?.action === "refuse") throw errorOfStatus(fault.status);
      operations.send.publish(this.#namespace, target, sent);
      if (fault?.action === "lose") peer.destroy();
      else delivery.accept();
      this.#namespace.context.witness?.("send", peer.agent);
    } catch (error) {
      delivery.reject(this.#known(error).amqp);
    }
  }

  /** Opens a link, or closes it with the error. */
  #guarded(link: Sender | Receiver, open: () => void): boolean {
    try {
      open();
      return true;
    } catch (error) {
      link.close(this.#known(error).amqp);
      return false;
    }
  }

  #known(error: unknown): EventHubsError {
    if (error instanceof EventHubsError) return error;
    this.#namespace.context.log("eventHubs.operationFailed", {
      error: String(error),
    });
    return new EventHubsError("internalError");
  }

  #fault(operation: string, path: string): Fault | undefined {
    return this.#namespace.context.faults.meet("eventHubs", operation, path);
  }

  #peer(connection: Connection): Peer {
    const peer = this.#peers.get(connection);
    if (!peer) throw new Error("A link came before its connection was open.");
    return peer;
  }
}

function filterOf({ source }: Sender) {
  const filter = source.filter as Record<string, unknown> | undefined;
  return filter ? { filter } : {};
}

/** Credit is given in lots, so that not every message costs a flow frame. */
function refill(link: Receiver): void {
  const { credit } = link as unknown as { credit: number };
  if (credit <= SENDER_CREDIT / 2) link.add_credit(SENDER_CREDIT - credit);
}
