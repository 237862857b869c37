import { hash } from "node:crypto";
import { Readable } from "node:stream";
import avro from "avsc";
import fc from "fast-check";
import { encodeCapture } from "../../../src/domain/capture.ts";
import type { DeliveryPositions } from "../../../src/domain/triggerMetadata.ts";

interface Event {
  readonly SequenceNumber: number;
  readonly Offset: string;
  readonly EnqueuedTimeUtc: string;
  readonly SystemProperties: Record<string, unknown>;
  readonly Properties: Record<string, unknown>;
  readonly Body: { readonly bytes: Buffer };
}

const read = (file: Buffer): Promise<Event[]> =>
  new Promise((resolve, reject) => {
    const events: Event[] = [];
    Readable.from([file])
      .pipe(
        new avro.streams.BlockDecoder({
          parseHook: (schema) =>
            avro.Type.forSchema(schema, { wrapUnions: true }),
        }),
      )
      .on("data", (event: Event) => events.push(event))
      .on("error", reject)
      .on("end", () => {
        resolve(events);
      });
  });

const positionsOf = (
  count: number,
  more: Partial<DeliveryPositions> = {},
): DeliveryPositions => ({
  partition: "0",
  sequenceNumbers: Array.from({ length: count }, (_, index) => index + 41),
  offsets: Array.from(
    { length: count },
    (_, index) => `${index * 4_294_967_296}`,
  ),
  enqueuedTimes: new Array<string>(count).fill("2026-01-01T00:00:00.5Z"),
  properties: new Array<object>(count).fill(
    {},
  ) as DeliveryPositions["properties"],
  systemProperties: new Array<object>(count).fill(
    {},
  ) as DeliveryPositions["properties"],
  ...more,
});

const all = (count: number) => ({ from: 0, to: count });

test("an Avro library that the app does not use reads bodies back untouched", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), {
        minLength: 1,
        maxLength: 40,
      }),
      async (bodies) => {
        const file = encodeCapture(
          bodies,
          positionsOf(bodies.length),
          all(bodies.length),
          "a",
        );
        const events = await read(file);
        expect(events.map(({ Body }) => [...Body.bytes])).toEqual(
          bodies.map((body) => [...body]),
        );
        expect(events.map(({ SequenceNumber }) => SequenceNumber)).toEqual(
          positionsOf(bodies.length).sequenceNumbers,
        );
      },
    ),
    { numRuns: 50 },
  );
});

test("offsets, times and properties are kept with their kinds", async () => {
  const properties = {
    tenant: "Zürich",
    weight: 1.5,
    count: -7,
    none: null,
    list: [1, { a: 2 }],
    yes: true,
  };
  const file = encodeCapture(
    [Buffer.from("x")],
    positionsOf(1, {
      properties: [properties],
      systemProperties: [{ "x-opt-partition-key": "k" }],
    }),
    all(1),
    "a",
  );
  const [event] = await read(file);
  expect(event).toMatchObject({
    Offset: "0",
    EnqueuedTimeUtc: "2026-01-01T00:00:00.5Z",
    SystemProperties: { "x-opt-partition-key": { string: "k" } },
    Properties: {
      tenant: { string: "Zürich" },
      weight: { double: 1.5 },
      count: { long: -7 },
      none: null,
      list: { string: '[1,{"a":2}]' },
      yes: { string: "true" },
    },
  });
});

test("large batches are cut into blocks of some megabytes", async () => {
  const bodies = Array.from({ length: 12 }, (_, index) =>
    Buffer.alloc(1_000_000, index),
  );
  const events = await read(
    encodeCapture(bodies, positionsOf(12), all(12), "a"),
  );
  expect(events.map(({ Body }) => Body.bytes[0])).toEqual(
    bodies.map((body) => body[0]),
  );
});

test.each([63, 64, 65])(
  "a file whose last block has %i events ends with the marker of that block, and holds each event once",
  async (small) => {
    const bodies = [
      Buffer.alloc(4 * 2 ** 20),
      ...Array.from({ length: small }, (_, index) => Buffer.of(index)),
    ];
    const { length } = bodies;
    const file = encodeCapture(bodies, positionsOf(length), all(length), "a");
    const marker = hash("sha256", "a", "buffer").subarray(0, 16);
    expect(file.subarray(-16).equals(marker)).toBe(true);
    expect(
      file.toString("latin1").split(marker.toString("latin1")),
    ).toHaveLength(1 + 3);
    const events = await read(file);
    expect(events.map(({ SequenceNumber }) => SequenceNumber)).toEqual(
      positionsOf(length).sequenceNumbers,
    );
  },
);

test("a block ends with the event that fills it", () => {
  const encode = (size: number) => {
    const bodies = [Buffer.alloc(size), Buffer.from("b")];
    return encodeCapture(bodies, positionsOf(2), all(2), "a");
  };
  const marker = hash("sha256", "a", "buffer").subarray(0, 16);
  const blocksOf = (file: Buffer) =>
    file.toString("latin1").split(marker.toString("latin1")).length - 2;
  // Beside its body the event has 33 bytes: its number, offset, time, two empty maps and the body's length.
  expect(blocksOf(encode(4 * 2 ** 20 - 33))).toBe(2);
  expect(blocksOf(encode(4 * 2 ** 20 - 34))).toBe(1);
});

test("only the events of the run are written", async () => {
  const bodies = ["a", "b", "c", "d"].map((text) => Buffer.from(text));
  const events = await read(
    encodeCapture(bodies, positionsOf(4), { from: 1, to: 3 }, "a"),
  );
  expect(events.map(({ Body }) => Body.bytes.toString())).toEqual(["b", "c"]);
});

test("the same events give the same bytes", () => {
  const bodies = [Buffer.from("a"), Buffer.from("b")];
  const encode = (name: string) =>
    encodeCapture(bodies, positionsOf(2), all(2), name);
  expect(encode("a").equals(encode("a"))).toBe(true);
  expect(encode("a").equals(encode("b"))).toBe(false);
});

/** How Avro's union holds a value of a property. */
const wrapped = (value: unknown): unknown => {
  if (value === null) return null;
  if (typeof value === "string") return { string: value };
  if (typeof value !== "number") return { string: JSON.stringify(value) };
  const isLong = Number.isInteger(value) && Math.abs(value) <= 2 ** 51;
  return isLong ? { long: value } : { double: value };
};

const readBack = async (
  properties: Record<string, unknown>,
  systemProperties: Record<string, unknown> = {},
) => {
  const file = encodeCapture(
    [Buffer.from("x")],
    positionsOf(1, {
      properties: [properties],
      systemProperties: [systemProperties],
    }),
    all(1),
    "a",
  );
  const marker = hash("sha256", "a", "buffer").subarray(0, 16);
  expect(file.subarray(-16).equals(marker)).toBe(true);
  const [event] = await read(file);
  return event;
};

test("properties of every kind and size are read back, and the file is as long as they need", async () => {
  const values = {
    ...{
      least: -(2 ** 51),
      most: 2 ** 51,
      beyond: 2 ** 51 + 2,
      below: -(2 ** 51) - 2,
    },
    ...{ small: 63, wide: 64, zero: 0, half: 0.5, huge: 1e300 },
    ...{
      empty: "",
      short: "x".repeat(63),
      long: "x".repeat(64),
      wider: "é".repeat(32),
    },
    ...{ none: null, no: false, list: [1], map: { a: 1 } },
    ...{ ["n".repeat(64)]: 1, é: 1 },
  };
  const event = await readBack(values);
  expect(event?.Properties).toEqual(
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, wrapped(value)]),
    ),
  );
});

test.each([63, 64])("all of %i properties are read back", async (count) => {
  const names = Array.from({ length: count }, (_, index) => `p${index}`);
  const values = Object.fromEntries(names.map((name) => [name, 1]));
  const event = await readBack(values, values);
  expect(Object.keys(event?.Properties ?? {})).toEqual(names);
  expect(Object.keys(event?.SystemProperties ?? {})).toEqual(names);
});

test("whatever the properties are, they are read back", async () => {
  const value = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constant(null),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.stringMatching(/^[a-zé]{1,9}$/), value),
      async (properties) => {
        const event = await readBack(properties);
        expect(event?.Properties).toEqual(
          Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [
              name,
              wrapped(Object.is(each, -0) ? 0 : each),
            ]),
          ),
        );
      },
    ),
  );
});

test("a property without a value is left out, and a null one where the map has no null", async () => {
  const event = await readBack(
    { a: undefined, b: null },
    { a: undefined, b: null, c: "d" },
  );
  expect(event?.Properties).toEqual({ b: null });
  expect(event?.SystemProperties).toEqual({ c: { string: "d" } });
});
