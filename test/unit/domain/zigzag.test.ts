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

test("a number has a byte more exactly where seven bits more are full", () => {
  const sizes = (values: readonly number[]) => values.map(longSize);
  expect(sizes([0, -1, 63, -64])).toEqual([1, 1, 1, 1]);
  expect(sizes([64, -65, 8_191, -8_192])).toEqual([2, 2, 2, 2]);
  expect(sizes([8_192, -8_193])).toEqual([3, 3]);
  for (const value of [63, 64, -64, -65, 8_191, 8_192, -8_192, -8_193]) {
    const target = new Uint8Array(10);
    const end = writeLong(target, 0, value);
    expect(end).toBe(longSize(value));
    expect(readLong(target.subarray(0, end))).toBe(BigInt(value));
  }
});

test("a number is written where it is to begin, and what is before it stays", () => {
  const target = new Uint8Array(4).fill(9);
  expect(writeLong(target, 1, 64)).toBe(3);
  expect([...target]).toEqual([9, 128, 1, 9]);
});
