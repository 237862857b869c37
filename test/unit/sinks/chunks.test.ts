import fc from "fast-check";
import { linesOf } from "../../../src/adapters/lake/lines.ts";
import { chunksOf } from "../../../src/sinks/cosmos/chunks.ts";
import { arrayOf } from "../../support/arrayOf.ts";

// eslint-disable-next-line @typescript-eslint/require-await -- What a stream gives comes one after another.
async function* inTurn<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

test("a text is read as the same lines, wherever the stream cuts it", async () => {
  const line = fc
    .string({ unit: "grapheme" })
    .map((text) => text.replaceAll("\n", "\u2028"));
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1 }),
      fc.integer({ min: 1, max: 7 }),
      async (lines, size) => {
        const bytes = Buffer.from(`${lines.join("\n")}\n`);
        const pieces = Array.from(
          { length: Math.ceil(bytes.length / size) },
          (_, at) => bytes.subarray(at * size, (at + 1) * size),
        );
        expect(await arrayOf(linesOf(inTurn(pieces)))).toEqual(lines);
      },
    ),
  );
});

test("a last line without an end is a line", async () => {
  const lines = linesOf(inTurn([Buffer.from("a\nb")]));
  expect(await arrayOf(lines)).toEqual(["a", "b"]);
});

test("lines are taken in groups of at most a thousand, and of four million characters", async () => {
  const many = Array.from({ length: 2500 }, (_, index) => `${index}`);
  const counts = async (lines: readonly string[]): Promise<number[]> =>
    (await arrayOf(chunksOf(inTurn(lines)))).map(({ length }) => length);
  expect(await counts(many)).toEqual([1000, 1000, 500]);
  const large = "x".repeat(1_500_000);
  expect(await counts([large, large, large, "y"])).toEqual([2, 2]);
  expect(await counts(["x".repeat(5_000_000), "y"])).toEqual([1, 1]);
  const half = "x".repeat(2_000_000);
  expect(await counts([half, half, "y"])).toEqual([2, 1]);
  expect(await counts(["", "a", ""])).toEqual([1]);
  expect(await counts([""])).toEqual([]);
});

test("a group is asked for when the one before is done: no more of the stream is in memory", async () => {
  let read = 0;
  async function* counted(): AsyncGenerator<string> {
    for await (const line of inTurn(
      Array.from({ length: 3000 }, () => "line"),
    )) {
      read += 1;
      yield line;
    }
  }
  const chunks = chunksOf(counted());
  await chunks.next();
  expect(read).toBeLessThanOrEqual(1001);
});
