import { dataOf } from "../../../src/domain/amqpMessage.ts";

/** A section: its descriptor as a small number, and an encoded value. */
const section = (code: number, ...value: readonly number[]): number[] => [
  ...[0x00, 0x53, code],
  ...value,
];
const DATA = 0x75;
const PROPERTIES = 0x74;

const read = (...bytes: readonly number[][]): number[] | undefined => {
  const data = dataOf(Buffer.from(bytes.flat()));
  return data && [...data];
};

const data = (...bytes: readonly number[]): number[] =>
  section(DATA, 0xa0, bytes.length, ...bytes);
const longData = (...bytes: readonly number[]): number[] =>
  section(DATA, 0xb0, 0, 0, 0, bytes.length, ...bytes);

test("data is read in both of its encodings, alone and in several sections", () => {
  expect(read(data(1, 2))).toEqual([1, 2]);
  expect(read(longData(1, 2))).toEqual([1, 2]);
  expect(read(data())).toEqual([]);
  expect(read(data(1), longData(2), data(3))).toEqual([1, 2, 3]);
});

test("a section is known by a number of eight bytes and by a symbol, too", () => {
  const value = [0xa0, 1, 7];
  const number = [0x80, 0, 0, 0, 0, 0, 0, 0, DATA];
  const name = [...Buffer.from("amqp:data:binary")];
  expect(read([0x00, ...number, ...value])).toEqual([7]);
  expect(read([0x00, 0xa3, name.length, ...name, ...value])).toEqual([7]);
  expect(read([0x00, 0xb3, 0, 0, 0, name.length, ...name, ...value])).toEqual([
    7,
  ]);
  const other = [...Buffer.from("amqp:data:bimary")];
  expect(read([0x00, 0xa3, other.length, ...other, ...value])).toBeUndefined();
});

/** Part 1, 1.2: the first half of a code says how many bytes the value has, or how many say so. */
test.each<[string, readonly number[]]>([
  ["empty", [0x45]],
  ["of one byte", [0x56, 1]],
  ["of two bytes", [0x60, 1, 2]],
  ["of four bytes", [0x70, 1, 2, 3, 4]],
  ["of eight bytes", [0x80, 1, 2, 3, 4, 5, 6, 7, 8]],
  ["of sixteen bytes", [0x98, ...new Array<number>(16).fill(7)]],
  ["as long as one byte says", [0xa1, 2, 7, 7]],
  ["as long as four bytes say", [0xb1, 0, 0, 0, 2, 7, 7]],
  ["a list whose size is one byte", [0xc0, 3, 1, 0x56, 1]],
  ["a list whose size is four bytes", [0xd0, 0, 0, 0, 6, 0, 0, 0, 1, 0x56, 1]],
  ["an array whose size is one byte", [0xe0, 3, 1, 0x56, 1]],
  ["an array whose size is four bytes", [0xf0, 0, 0, 0, 1, 1]],
])("a section before the data whose value is %s is passed over", (_, value) => {
  expect(read(section(PROPERTIES, ...value), data(9))).toEqual([9]);
});

test.each<[string, number[]]>([
  ["whose body is no data", section(0x77, 0xa1, 1, 7)],
  ["of no section", []],
  ["that begins otherwise", [0x01, 0x53, DATA, 0xa0, 1, 7]],
  ["whose data is cut off", section(DATA, 0xa0, 2, 7)],
  ["whose long data is cut off", section(DATA, 0xb0, 0, 0, 0, 2, 7)],
  ["whose length is cut off", section(DATA, 0xb0, 0, 0, 0)],
  ["without a value", section(DATA)],
  ["with a value of no known width", section(PROPERTIES, 0x35, 0)],
])("a message %s is left to others", (_, bytes) => {
  expect(read(bytes)).toBeUndefined();
});
