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
