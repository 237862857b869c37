import rhea from "rhea";

/**
 * How many fields the lists of AMQP 1.0 have (parts 2 and 3), by descriptor. The standard lets a sender leave the last
 * ones out where they are null, and rhea does. Event Hubs sends all of them, and Python's client counts on it.
 */
const FIELDS: ReadonlyMap<number, number> = new Map([
  [0x10, 10], // open
  [0x11, 8], // begin
  [0x12, 14], // attach
  [0x13, 11], // flow
  [0x14, 11], // transfer
  [0x15, 6], // disposition
  [0x16, 3], // detach
  [0x17, 1], // end
  [0x18, 1], // close
  [0x1d, 3], // error
  [0x25, 1], // rejected
  [0x28, 11], // source
  [0x29, 7], // target
  [0x44, 2], // sasl-outcome
]);

/** Null stands for these, and Python's client does not know that: place and value, by descriptor. */
const DEFAULTS: ReadonlyMap<number, readonly [number, unknown]> = new Map([
  [0x10, [3, rhea.types.wrap_ushort(65_535)]], // channel-max
  [0x11, [4, rhea.types.wrap_uint(255)]], // handle-max: as Event Hubs has it
]);

/** What rhea has of a frame that it is about to write, and its typings leave out. */
interface Frame {
  readonly performative?: {
    readonly value: unknown[];
    readonly constructor: { readonly descriptor?: { numeric: number } };
  };
}

export interface Encoder {
  encode(frame: Frame): void;
}

/** From now on every list that this transport sends is whole. */
export function sendWholeLists(transport: Encoder): void {
  const encode = transport.encode.bind(transport);
  transport.encode = (frame) => {
    const { performative } = frame;
    if (performative) {
      for (const field of performative.value) completeNested(field);
      complete(
        performative.value,
        performative.constructor.descriptor?.numeric,
      );
    }
    encode(frame);
  };
}

function completeNested(field: unknown): void {
  const { descriptor, value } = (field ?? {}) as {
    descriptor?: { readonly value: unknown };
    value?: unknown;
  };
  if (!descriptor || !Array.isArray(value) || value.length === 0) return;
  for (const inner of value) completeNested(inner);
  complete(value, Number(descriptor.value));
}

function complete(fields: unknown[], descriptor: number | undefined): void {
  const [place = -1, value] = DEFAULTS.get(descriptor ?? -1) ?? [];
  if (place >= 0) fields[place] ??= value;
  const count = FIELDS.get(descriptor ?? -1) ?? 0;
  for (let index = 0; index < count; index += 1)
    fields[index] ??= rhea.types.wrap(null);
}
