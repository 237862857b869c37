import fc from "fast-check";
import {
  Capacity,
  eventsOf,
  MAX_SLICES,
  readPieces,
  takeOldest,
  type BronzeFile,
  type ClosedGap,
  type Hole,
  type SliceCandidate,
} from "../../../src/domain/slices.ts";

const aFile = (first: number, last: number, landedAt = first): BronzeFile => ({
  path: `${first}-${last}`,
  first,
  last,
  landedAt,
});

/** In the order in which the lake lists them. */
const inOrder = (files: readonly BronzeFile[]) =>
  [...files].sort((a, b) => a.first - b.first || a.last - b.last);

/** Nothing of a hole is closed here: what there is are slices. */
async function slicesOf(
  watermark: number,
  files: readonly BronzeFile[],
  close?: (hole: Hole) => ClosedGap[],
): Promise<SliceCandidate[]> {
  const found: SliceCandidate[] = [];
  for await (const piece of readPieces(watermark, inOrder(files), close))
    found.push(piece as SliceCandidate);
  return found;
}

test("a delivery that was repeated and cut differently gives only what is new", async () => {
  const slices = await slicesOf(99, [
    aFile(50, 149),
    aFile(150, 160),
    aFile(0, 49),
  ]);
  expect(slices).toMatchObject([
    { from: 100, to: 149, path: "50-149" },
    { from: 150, to: 160, path: "150-160" },
  ]);
});

test("of the files that extend the watermark the one that reaches farthest is taken", async () => {
  expect(
    await slicesOf(-1, [aFile(0, 9), aFile(0, 19), aFile(10, 14)]),
  ).toMatchObject([{ from: 0, to: 19 }]);
});

test("slices end at a hole", async () => {
  expect(eventsOf(await slicesOf(-1, [aFile(0, 9), aFile(11, 20)]))).toBe(10);
});

test("whatever files there are, the slices are what a scan of single events gives: no event twice, none left out", async () => {
  const file = fc
    .tuple(fc.nat(60), fc.nat(20))
    .map(([first, length]) => aFile(first, first + length));
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { maxLength: 25 }),
      fc.integer({ min: -1, max: 40 }),
      async (files, watermark) => {
        const held = new Set(
          files.flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, i) => first + i),
          ),
        );
        let end = watermark;
        while (held.has(end + 1)) end += 1;
        const slices = await slicesOf(watermark, files);
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

test("a batch takes as many slices as one manifest may name, and leaves the rest to the next", async () => {
  const of = { stream: "hub/h", generation: "g", partition: "0" };
  const small = Array.from({ length: MAX_SLICES + 5 }, (_, i) => aFile(i, i));
  const { slices: taken } = takeOldest(
    [{ of, pieces: await slicesOf(-1, small) }],
    Infinity,
  );
  expect(taken).toHaveLength(MAX_SLICES);
  const end = taken.at(-1)?.to ?? -1;
  const { slices: rest } = takeOldest(
    [{ of, pieces: await slicesOf(end, small) }],
    Infinity,
  );
  expect(rest.map(({ from }) => from - MAX_SLICES)).toEqual([0, 1, 2, 3, 4]);
});

test("a busy partition does not keep another waiting", async () => {
  const of = (partition: string) => ({
    stream: "hub/h",
    generation: "g",
    partition,
  });
  const busy = Array.from({ length: 50 }, (_, i) =>
    aFile(i * 10, i * 10 + 9, 1000 + i),
  );
  const { slices: taken } = takeOldest(
    [
      { of: of("0"), pieces: await slicesOf(-1, busy) },
      { of: of("1"), pieces: await slicesOf(-1, [aFile(0, 0, 1002)]) },
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

test("what is closed of a hole is a piece of its own, and what is behind it follows", async () => {
  const gap = (hole: Hole): ClosedGap[] => [
    { from: hole.from, to: hole.to, reason: "missing", landedAt: 5 },
  ];
  const files = [aFile(0, 9), aFile(20, 29), aFile(25, 34)];
  expect(await slicesOf(-1, files, gap)).toMatchObject([
    { from: 0, to: 9 },
    { from: 10, to: 19, reason: "missing" },
    { from: 20, to: 29 },
    { from: 30, to: 34 },
  ]);
});

test("no more files are read than are asked for", async () => {
  let read = 0;
  function* endless() {
    for (;;) {
      yield aFile(read * 10, read * 10 + 9);
      read += 1;
    }
  }
  const pieces = readPieces(-1, endless());
  for (let asked = 0; asked < 5; asked += 1) await pieces.next();
  expect(read).toBeLessThanOrEqual(5);
});

test("a batch is full with its last event, and gaps do not fill it", () => {
  const capacity = new Capacity(10);
  capacity.take({ from: 0, to: 99, reason: "missing", landedAt: 0 });
  capacity.take({ from: 100, to: 108, path: "a", landedAt: 0 });
  expect(capacity.isFull).toBe(false);
  capacity.take({ from: 109, to: 109, path: "b", landedAt: 0 });
  expect(capacity.isFull).toBe(true);
});

test("the last landing is the latest of all files that were read, whatever their order", async () => {
  const tailOf = async (...files: readonly BronzeFile[]) => {
    const pieces = readPieces(-1, files);
    let next = await pieces.next();
    while (next.done !== true) next = await pieces.next();
    return next.value;
  };
  const tail = await tailOf(aFile(0, 9, 700), aFile(10, 19, 300));
  expect(tail).toEqual({ end: 19, lastLandedAt: 700 });
  expect(await tailOf()).toEqual({ end: -1 });
  expect(await tailOf(aFile(5, 9, 700))).toEqual({
    end: -1,
    hole: { from: 0, to: 4, nextLandedAt: 700 },
  });
});

test("of two files of the same events the first is taken", async () => {
  const again = { ...aFile(0, 9), path: "again" };
  expect(await slicesOf(-1, [aFile(0, 9), again])).toMatchObject([
    { path: "0-9" },
  ]);
});
