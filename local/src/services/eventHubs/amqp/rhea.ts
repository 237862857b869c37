import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Connection, Container, Sender, Session } from "rhea";
import type { Slice } from "../log/partitionLog.ts";
import { PlainLogin } from "./plain.ts";
import { HEADER, valueEnd } from "./sections.ts";
import { sendWholeLists, type Encoder } from "./wholeLists.ts";

/**
 * What rhea 3.0.5 has and its typings leave out. Two of its ways are too dear for a log of events: it decodes every
 * message of format 0 (and so loses types), and it makes an object, a frame and a socket write for every event.
 */
interface RheaConnection {
  readonly socket: TLSSocket;
  readonly amqp_transport: Encoder;
  /** By the protocol that the client's first bytes name: 3 is SASL. */
  readonly sasl_transport: {
    readonly transports: {
      readonly 3: { readonly transport: Encoder; readonly mechanism: unknown };
    };
  };
  accept(socket: Socket): void;
  _disconnected(): void;
}
interface RheaSession {
  readonly connection: RheaConnection;
  readonly local: { readonly channel: number };
  readonly outgoing: {
    next_delivery_id: number;
    next_pending_delivery: number;
    next_transfer_id: number;
    transfer_window(): number;
  };
  on_transfer(frame: TransferFrame): void;
  on_flow(frame: unknown): void;
}
interface RheaSender {
  credit: number;
  delivery_count: number;
  readonly session: RheaSession;
  readonly connection: { readonly max_frame_size?: number };
  readonly local: { readonly handle: number };
}
interface TransferFrame {
  readonly performative: { message_format: number | null | undefined };
}

/** Stands for format 0 where rhea would decode it. */
const UNDECODED = 0x7fff0000;

export function acceptSocket(
  container: Container,
  socket: TLSSocket,
  options: { max_frame_size: number; idle_time_out: number },
): void {
  const connection = container.create_connection({
    transport: "tls",
    ...options,
  });
  const raw = connection as unknown as RheaConnection;
  raw.accept(socket);
  sendWholeLists(raw.amqp_transport);
  sendWholeLists(raw.sasl_transport.transports[3].transport);
  // Rhea hears of the other side's end only. After our own destroy its timers would run on.
  socket.once("close", () => raw._disconnected());
}

export const socketOf = (connection: Connection): TLSSocket =>
  (connection as unknown as RheaConnection).socket;

/** What the client calls itself: Microsoft's give a user agent, others a product or the name of their container. */
export function agentOf(connection: Connection): string {
  const { properties, container_id: id } = connection as unknown as {
    properties?: Readonly<Record<string, unknown>> | null;
    container_id?: unknown;
  };
  return String(properties?.["user-agent"] ?? properties?.["product"] ?? id);
}

/** Whether the client has logged in with a rule's key, so that it needs no tokens. */
export function hasLoggedIn(connection: Connection): boolean {
  const { transports } = (connection as unknown as RheaConnection)
    .sasl_transport;
  const { mechanism } = transports[3];
  return mechanism instanceof PlainLogin && mechanism.outcome === true;
}

/** From now on every message of the session arrives as bytes, and `onFlow` hears of new credit and new window. */
export function tapSession(session: Session, onFlow: () => void): void {
  const raw = session as unknown as RheaSession;
  const takeTransfer = raw.on_transfer.bind(session);
  raw.on_transfer = (frame) => {
    if (!frame.performative.message_format)
      frame.performative.message_format = UNDECODED;
    takeTransfer(frame);
  };
  const takeFlow = raw.on_flow.bind(session);
  raw.on_flow = (frame) => {
    takeFlow(frame);
    onFlow();
  };
}

export const formatOf = (format: number): number =>
  format === UNDECODED ? 0 : format;

const FRAME_HEAD_BYTES = 8;
/** Frame head and transfer performative (AMQP 1.0, part 2, 2.7.5), settled; the numbers are filled in. */
const transfer = Buffer.from([
  ...[0, 0, 0, 0, 2, 0, 0, 0],
  ...[0x00, 0x53, 0x14, 0xc0, 25, 11],
  ...[0x70, 0, 0, 0, 0],
  ...[0x70, 0, 0, 0, 0],
  ...[0xa0, 4, 0, 0, 0, 0],
  ...[0x43, 0x41, 0x42],
  // The five fields behind "more": the lists are whole, as in wholeLists.ts.
  ...[0x40, 0x40, 0x40, 0x40, 0x40],
]);
const CHANNEL_AT = 6;
const HANDLE_AT = FRAME_HEAD_BYTES + 7;
const DELIVERY_AT = HANDLE_AT + 5;
const TAG_AT = DELIVERY_AT + 6;
const MORE_AT = transfer.length - 6;
const MORE = 0x41;

/** The most frames that one event can need: 1 MiB and its annotations in the smallest frames that SDKs ask for. */
const MOST_FRAMES = 32;

/** Sends stored events over a link, many in one write, as they are. */
export class EventWriter {
  readonly #sender: RheaSender;
  readonly #socket: TLSSocket;

  constructor(sender: Sender) {
    this.#sender = sender as unknown as RheaSender;
    this.#socket = this.#sender.session.connection.socket;
  }

  /** How many events may be sent now. */
  get capacity(): number {
    const { outgoing } = this.#sender.session;
    // Rhea's own messages of this session go first: delivery ids must rise on the wire.
    const isFree = outgoing.next_pending_delivery === outgoing.next_delivery_id;
    if (!isFree || this.isBlocked) return 0;
    // Not a number before the client's first flow frame.
    const window = outgoing.transfer_window() - MOST_FRAMES;
    return window > 0 ? Math.min(this.#sender.credit, window) : 0;
  }

  /** Whether the client does not keep up with reading. The socket tells when it does again. */
  get isBlocked(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Holds writes back until `release`, so that TLS encrypts many at once. */
  hold(): void {
    this.#socket.cork();
  }

  release(): void {
    this.#socket.uncork();
  }

  /** Sends events. `annotations` go in front of each, behind its header if it has one. */
  send({ bytes, ranges }: Slice, annotations: Buffer | undefined): void {
    const mostPayload = this.#mostPayload();
    const added = annotations?.length ?? 0;
    const room = transfer.length + added;
    let size = 0;
    for (let index = 0; index < ranges.length; index += 2) {
      const length = (ranges[index + 1] ?? 0) - (ranges[index] ?? 0);
      const frames = Math.ceil((length + added) / mostPayload);
      size += length + room + (frames - 1) * transfer.length;
    }
    const out = Buffer.allocUnsafe(size);
    let end = 0;
    for (let index = 0; index < ranges.length; index += 2) {
      let event = bytes.subarray(ranges[index], ranges[index + 1]);
      if (annotations) event = withAnnotations(event, annotations);
      end = this.#transfer(out, end, event, mostPayload);
    }
    this.#socket.write(out);
  }

  #mostPayload(): number {
    const most = this.#sender.connection.max_frame_size ?? 2 ** 32 - 1;
    return most - transfer.length;
  }

  #transfer(
    out: Buffer,
    start: number,
    event: Buffer,
    mostPayload: number,
  ): number {
    const { outgoing, local } = this.#sender.session;
    const delivery = outgoing.next_delivery_id;
    let end = start;
    for (let sent = 0; sent < event.length || sent === 0; sent += mostPayload) {
      const payload = Math.min(mostPayload, event.length - sent);
      transfer.copy(out, end);
      out.writeUInt32BE(transfer.length + payload, end);
      out.writeUInt16BE(local.channel, end + CHANNEL_AT);
      out.writeUInt32BE(this.#sender.local.handle, end + HANDLE_AT);
      out.writeUInt32BE(delivery, end + DELIVERY_AT);
      out.writeUInt32BE(delivery, end + TAG_AT);
      if (sent + payload < event.length) out[end + MORE_AT] = MORE;
      event.copy(out, end + transfer.length, sent, sent + payload);
      end += transfer.length + payload;
      outgoing.next_transfer_id += 1;
    }
    outgoing.next_delivery_id += 1;
    outgoing.next_pending_delivery += 1;
    this.#sender.credit -= 1;
    this.#sender.delivery_count += 1;
    return end;
  }
}

function withAnnotations(event: Buffer, annotations: Buffer): Buffer {
  if (event[1] !== 0x53 || event[2] !== HEADER)
    return Buffer.concat([annotations, event]);
  const headerEnd = valueEnd(event, 0);
  return Buffer.concat([
    event.subarray(0, headerEnd),
    annotations,
    event.subarray(headerEnd),
  ]);
}
