import type { TLSSocket } from "node:tls";
import type { Connection, Receiver, Sender } from "rhea";
import type { Clock } from "../../shared/clock.ts";
import { agentOf, hasLoggedIn, socketOf } from "./amqp/rhea.ts";
import { nodeOf } from "./address.ts";
import { Claims } from "./claims.ts";
import { EventHubsError } from "./errors.ts";
import type { EventReceiver } from "./receiver.ts";

/** One connection: what its tokens allow, and the links that are open on it. */
export class Peer {
  readonly claims = new Claims();
  readonly agent: string;
  readonly #socket: TLSSocket;
  readonly #clock: Clock;
  readonly #replyLinks = new Map<string, Sender>();
  /** Those to $cbs and to $management, the newest last. */
  readonly #answering: { readonly node: string; readonly link: Sender }[] = [];
  readonly #links = new Map<Sender | Receiver, string>();
  readonly #receivers = new Set<EventReceiver>();
  readonly #timers = new Map<string, () => void>();

  constructor(connection: Connection, clock: Clock) {
    this.#socket = socketOf(connection);
    this.#clock = clock;
    this.agent = agentOf(connection);
    // The rule's key opens the whole namespace, as long as the connection lasts.
    if (hasLoggedIn(connection)) this.claims.grant("", Infinity);
    this.#socket.on("drain", () => this.wake());
    this.#socket.once("close", () => this.#end());
  }

  /** Cuts the connection, as a fault of the network would. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Holds until the token's time is over; then links without another token are closed, as on Azure. */
  grant(audience: string, until: number): void {
    this.claims.grant(audience, until);
    this.#timers.get(audience)?.();
    const cancel = this.#clock.after(until - this.#clock.now(), () =>
      this.#closeExpired(until),
    );
    this.#timers.set(audience, cancel);
  }

  /** Answers go to the link that a request names: by its address (of $management) or its name (of $cbs). */
  openReplyLink(link: Sender, node: string, address: string): void {
    this.#replyLinks.set(link.name, link);
    if (address !== "") this.#replyLinks.set(address, link);
    this.#answering.push({ node, link });
  }

  /** Clients that name none have one link to the node for each way, in one session: Python's, Microsoft's in C. */
  replyLink(replyTo: string | undefined, asked: Receiver): Sender | undefined {
    if (replyTo) return this.#replyLinks.get(replyTo);
    const node = nodeOf(asked.target);
    return this.#answering.findLast(
      (one) => one.node === node && one.link.session === asked.session,
    )?.link;
  }

  openLink(link: Sender | Receiver, address: string): void {
    this.#links.set(link, address);
  }

  openReceiver(link: Sender, address: string, receiver: EventReceiver): void {
    this.#links.set(link, address);
    this.#receivers.add(receiver);
  }

  closeLink(link: Sender | Receiver): void {
    this.#links.delete(link);
    for (const receiver of this.#receivers)
      if (receiver.link === link) this.#remove(receiver);
    for (const [name, replyLink] of this.#replyLinks)
      if (replyLink === link) this.#replyLinks.delete(name);
    const at = this.#answering.findIndex((one) => one.link === link);
    if (at >= 0) this.#answering.splice(at, 1);
  }

  /** Gives every receiver its turn. One that fills the socket goes last the next time. */
  wake(): void {
    for (const receiver of [...this.#receivers]) {
      if (!receiver.pump()) continue;
      this.#receivers.delete(receiver);
      this.#receivers.add(receiver);
      return;
    }
  }

  #closeExpired(until: number): void {
    const { amqp } = new EventHubsError("expiredToken", {
      at: new Date(until).toISOString(),
    });
    const error = { ...amqp, condition: "amqp:unauthorized-access" };
    for (const [link, address] of [...this.#links]) {
      if (this.claims.covers(address, this.#clock.now())) continue;
      link.close(error);
      this.closeLink(link);
    }
  }

  #remove(receiver: EventReceiver): void {
    this.#receivers.delete(receiver);
    receiver.leave();
  }

  #end(): void {
    for (const cancel of this.#timers.values()) cancel();
    for (const receiver of [...this.#receivers]) this.#remove(receiver);
    this.#links.clear();
    this.#replyLinks.clear();
    this.#answering.length = 0;
  }
}
