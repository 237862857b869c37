import fc from "fast-check";
import { longSize, writeLong } from "../../../src/domain/zigzag.ts";

function readLong(bytes: Uint8Array): bigint {
  let value = 0n;
  bytes.forEach(
    (byte, index) => (value |= BigInt(byte & 127) << BigInt(7 * index)),
  );
  return (value >> 1n) ^ -(value & 1n);
}

test("every number is written as Avro's zigzag says, in the size foretold", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), (value) => {
      const target = new Uint8Array(10);
      const end = writeLong(target, 0, value);
      expect(end).toBe(longSize(value));
      expect(readLong(target.subarray(0, end))).toBe(BigInt(value));
    }),
  );
});
