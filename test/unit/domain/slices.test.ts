import fc from "fast-check";
import {
  contiguousSlices,
  eventsOf,
  MAX_SLICES,
  takeOldest,
  type BronzeFile,
} from "../../../src/domain/slices.ts";

const aFile = (first: number, last: number, landedAt = first): BronzeFile => ({
  path: `${first}-${last}`,
  first,
  last,
  landedAt,
});

test("a delivery that was repeated and cut differently gives only what is new", () => {
  const slices = contiguousSlices(99, [
    aFile(50, 149),
    aFile(150, 160),
    aFile(0, 49),
  ]);
  expect(slices).toMatchObject([
    { from: 100, to: 149, path: "50-149" },
    { from: 150, to: 160, path: "150-160" },
  ]);
});

test("of the files that extend the watermark the one that reaches farthest is taken", () => {
  expect(
    contiguousSlices(-1, [aFile(0, 9), aFile(0, 19), aFile(10, 14)]),
  ).toMatchObject([{ from: 0, to: 19 }]);
});

test("slices end at a hole", () => {
  expect(eventsOf(contiguousSlices(-1, [aFile(0, 9), aFile(11, 20)]))).toBe(10);
});

test("whatever files there are, the slices are what a scan of single events gives: no event twice, none left out", () => {
  const file = fc
    .tuple(fc.nat(60), fc.nat(20))
    .map(([first, length]) => aFile(first, first + length));
  fc.assert(
    fc.property(
      fc.array(file, { maxLength: 25 }),
      fc.integer({ min: -1, max: 40 }),
      (files, watermark) => {
        const held = new Set(
          files.flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, i) => first + i),
          ),
        );
        let end = watermark;
        while (held.has(end + 1)) end += 1;
        const slices = contiguousSlices(watermark, files);
        let at = watermark;
        for (const { from, to, path } of slices) {
          expect(from).toBe(at + 1);
          const [first = 0, last = 0] = path.split("-").map(Number);
          expect(first <= from && to <= last).toBe(true);
          at = to;
        }
        expect(at).toBe(end);
      },
    ),
  );
});

test("a batch takes as many slices as one manifest may name, and leaves the rest to the next", () => {
  const of = { stream: "hub/h", generation: "g", partition: "0" };
  const small = Array.from({ length: MAX_SLICES + 5 }, (_, i) => aFile(i, i));
  const taken = takeOldest(
    [{ of, slices: contiguousSlices(-1, small) }],
    Infinity,
  );
  expect(taken).toHaveLength(MAX_SLICES);
  const end = taken.at(-1)?.to ?? -1;
  const rest = takeOldest(
    [{ of, slices: contiguousSlices(end, small) }],
    Infinity,
  );
  expect(rest.map(({ from }) => from - MAX_SLICES)).toEqual([0, 1, 2, 3, 4]);
});

test("a busy partition does not keep another waiting", () => {
  const of = (partition: string) => ({
    stream: "hub/h",
    generation: "g",
    partition,
  });
  const busy = Array.from({ length: 50 }, (_, i) =>
    aFile(i * 10, i * 10 + 9, 1000 + i),
  );
  const taken = takeOldest(
    [
      { of: of("0"), slices: contiguousSlices(-1, busy) },
      { of: of("1"), slices: contiguousSlices(-1, [aFile(0, 0, 1002)]) },
    ],
    40,
  );
  expect(taken.map(({ partition }) => partition)).toEqual([
    "0",
    "0",
    "0",
    "1",
    "0",
  ]);
});
