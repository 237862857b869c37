import rhea, { type Connection, type Receiver } from "rhea";
import { ValueReader } from "./values.ts";

/**
 * What rhea 3.0.5 has and its typings leave out. It reads a frame into some thirty objects, decodes each message
 * whole and tells five listeners: too dear for a stream of events, of which only some sections are of interest.
 */
interface RawConnection {
  readonly amqp_transport: {
    readonly header_received: unknown;
    read(buffer: Buffer, connection: unknown): number;
  };
  readonly remote_channel_map: Readonly<Record<number, RawSession>>;
}
interface RawSession {
  readonly incoming: {
    next_transfer_id: number;
    next_delivery_id: number | undefined;
    update(delivery: object, settled: boolean, state: unknown): void;
  };
  readonly remote: { readonly handles: Readonly<Record<number, RawReceiver>> };
}
interface RawReceiver {
  credit: number;
  delivery_count: number;
}

interface Tap {
  readonly take: (message: Buffer) => void;
  /** The frames of a message that has not come to its end. */
  parts: Buffer[];
  deliveryId: number;
  isSettled: boolean;
}

const taps = new WeakMap<RawReceiver, Tap>();

/** Every message of the receiver goes to `take` as bytes, in order. */
export function tapReceiver(
  receiver: Receiver,
  take: (message: Buffer) => void,
): void {
  taps.set(receiver as unknown as RawReceiver, {
    take,
    parts: [],
    deliveryId: 0,
    isSettled: false,
  });
}

/** How many messages the peer may still send. */
export const creditOf = (receiver: Receiver): number =>
  (receiver as unknown as RawReceiver).credit;

const SMALLEST_FRAME_BYTES = 8;

/** From now on transfers to tapped receivers are read here; every other frame takes rhea's way. */
export function tapConnection(connection: Connection): void {
  const raw = connection as unknown as RawConnection;
  const transport = raw.amqp_transport;
  const readFrames = transport.read.bind(transport);
  transport.read = (buffer, handler) => {
    if (transport.header_received === undefined)
      return readFrames(buffer, handler);
    let at = 0;
    while (at + SMALLEST_FRAME_BYTES <= buffer.length) {
      const end = at + buffer.readUInt32BE(at);
      if (end > buffer.length) break;
      const frame = buffer.subarray(at, end);
      if (!takeTransfer(raw, frame)) readFrames(frame, handler);
      at = end;
    }
    return at;
  };
}

/** Where the fields of a transfer begin: after the frame's head, the descriptor and the list's size and count. */
const SHORT_LIST_AT = 14;
const LONG_LIST_AT = 20;
const DESCRIPTOR_AT = 8;
const TRANSFER = 0x005314;

function takeTransfer(connection: RawConnection, frame: Buffer): boolean {
  if (frame.length <= SHORT_LIST_AT || frame[4] !== 2) return false;
  if (frame.readUIntBE(DESCRIPTOR_AT, 3) !== TRANSFER) return false;
  const isShort = frame[DESCRIPTOR_AT + 3] === 0xc0;
  if (!isShort && frame[DESCRIPTOR_AT + 3] !== 0xd0) return false;
  const fields = new ValueReader(frame, DESCRIPTOR_AT + 3);
  fields.skip();
  const payload = frame.subarray(fields.at);
  const count = isShort ? frame.readUInt8(13) : frame.readUInt32BE(16);
  fields.at = isShort ? SHORT_LIST_AT : LONG_LIST_AT;
  const session = connection.remote_channel_map[frame.readUInt16BE(6)];
  const receiver = session?.remote.handles[fields.read() as number];
  if (session === undefined || receiver === undefined) return false;
  const tap = taps.get(receiver);
  if (tap === undefined) return false;
  const deliveryId = count > 1 ? fields.read() : null;
  if (count > 2) fields.skip(); // the tag
  if (count > 3) fields.skip(); // the format
  const isSettled = count > 4 && fields.read() === true;
  const hasMore = count > 5 && fields.read() === true;

  const { incoming } = session;
  incoming.next_transfer_id += 1;
  if (tap.parts.length === 0) {
    tap.deliveryId = Number(deliveryId ?? 0);
    tap.isSettled = isSettled;
    incoming.next_delivery_id = tap.deliveryId + 1;
  }
  if (hasMore) {
    tap.parts.push(payload);
    return true;
  }
  const isWhole = tap.parts.length === 0;
  const message = isWhole ? payload : Buffer.concat([...tap.parts, payload]);
  if (!isWhole) tap.parts = [];
  receiver.credit -= 1;
  receiver.delivery_count += 1;
  if (!tap.isSettled)
    // Rhea joins what is accepted in one turn to one range.
    incoming.update(
      { id: tap.deliveryId, link: receiver, remote_settled: false },
      true,
      accepted(),
    );
  tap.take(message);
  return true;
}

let outcome: unknown;

function accepted(): unknown {
  outcome ??= (
    rhea.message as unknown as { accepted(): { described(): unknown } }
  )
    .accepted()
    .described();
  return outcome;
}
