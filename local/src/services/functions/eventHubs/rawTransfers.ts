import rhea, { type Receiver } from "rhea";

/**
 * What rhea 3.0.5 has and its typings leave out. It decodes each message whole, makes six objects for it and tells
 * five listeners: too dear for a stream of events, of which only some sections are of interest.
 */
interface Incoming {
  next_transfer_id: number;
  next_delivery_id: number | undefined;
  on_transfer(frame: Frame, receiver: RawReceiver): void;
  update(delivery: object, settled: boolean, state: unknown): void;
}
interface RawReceiver {
  credit: number;
  delivery_count: number;
  readonly session: { readonly incoming: Incoming };
}
interface Frame {
  readonly performative: {
    readonly delivery_id?: number | null;
    readonly settled?: boolean | null;
    readonly more?: boolean | null;
  };
  readonly payload?: Buffer;
}

interface Tap {
  readonly take: (message: Buffer) => void;
  /** The frames of a message that has not come to its end. */
  parts: Buffer[];
  deliveryId: number;
  isSettled: boolean;
}

const taps = new WeakMap<RawReceiver, Tap>();
const tapped = new WeakSet<Incoming>();
const EMPTY = Buffer.alloc(0);

/** Every message of the receiver goes to `take` as bytes, in order; those of other links take rhea's way. */
export function tapReceiver(
  receiver: Receiver,
  take: (message: Buffer) => void,
): void {
  const raw = receiver as unknown as RawReceiver;
  taps.set(raw, { take, parts: [], deliveryId: 0, isSettled: false });
  tapIncoming(raw.session.incoming);
}

/** How many messages the peer may still send. */
export const creditOf = (receiver: Receiver): number =>
  (receiver as unknown as RawReceiver).credit;

function tapIncoming(incoming: Incoming): void {
  if (tapped.has(incoming)) return;
  tapped.add(incoming);
  const takeDecoded = incoming.on_transfer.bind(incoming);
  incoming.on_transfer = (frame, receiver) => {
    const tap = taps.get(receiver);
    if (tap === undefined) takeDecoded(frame, receiver);
    else takeRaw(incoming, receiver, tap, frame);
  };
}

function takeRaw(
  incoming: Incoming,
  receiver: RawReceiver,
  tap: Tap,
  { performative, payload = EMPTY }: Frame,
): void {
  incoming.next_transfer_id += 1;
  if (tap.parts.length === 0) {
    tap.deliveryId = performative.delivery_id ?? 0;
    tap.isSettled = performative.settled === true;
    incoming.next_delivery_id = tap.deliveryId + 1;
  }
  if (performative.more === true) {
    tap.parts.push(payload);
    return;
  }
  const isWhole = tap.parts.length === 0;
  const message = isWhole ? payload : Buffer.concat([...tap.parts, payload]);
  if (!isWhole) tap.parts = [];
  receiver.credit -= 1;
  receiver.delivery_count += 1;
  if (!tap.isSettled) accept(incoming, receiver, tap.deliveryId);
  tap.take(message);
}

let accepted: unknown;

/** Rhea joins what is accepted in one turn to one range. */
function accept(incoming: Incoming, link: RawReceiver, id: number): void {
  accepted ??= (
    rhea.message as unknown as {
      accepted(): { described(): unknown };
    }
  )
    .accepted()
    .described();
  incoming.update({ id, link, remote_settled: false }, true, accepted);
}
