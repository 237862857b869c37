/** Pure statistics of a side-by-side measurement. */

export interface Pair {
  readonly a: number;
  readonly b: number;
}

export type Interval = readonly [low: number, high: number];

/** The value below which the share `q` of the values lies, linearly interpolated. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new Error("There is nothing to measure.");
  const sorted = values.toSorted((x, y) => x - y);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number =>
  quantile(values, 0.5);

/** How much A takes for each B: the ratio of their medians. */
export const ratioOfMedians = (pairs: readonly Pair[]): number =>
  median(pairs.map(({ a }) => a)) / median(pairs.map(({ b }) => b));

const RESAMPLES = 2000;

/**
 * The 95 % interval of the ratio, by drawing pairs with replacement. Pairs stay together: what
 * slowed the machine slowed both. The same pairs give the same interval.
 */
export function bootstrapInterval(
  pairs: readonly Pair[],
  seed = 1,
  resamples = RESAMPLES,
): Interval {
  const random = generator(seed);
  const ratios = Array.from({ length: resamples }, () =>
    ratioOfMedians(
      pairs.map((pair) => pairs[Math.floor(random() * pairs.length)] ?? pair),
    ),
  );
  return [quantile(ratios, 0.025), quantile(ratios, 0.975)];
}

/** Numbers of [0, 1) that depend on the seed alone (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The order of the runs: blocks ABBA and BAAB by turns, so that a drift meets both sides alike. */
export const schedule = (pairs: number): readonly ("a" | "b")[] =>
  Array.from({ length: Math.ceil(pairs / 2) }, (_, block) =>
    block % 2 === 0
      ? (["a", "b", "b", "a"] as const)
      : (["b", "a", "a", "b"] as const),
  ).flat();

/** The samples of one side, paired with themselves: each run with its twin of the same block, sides by turns. */
export function controlPairs(samples: readonly number[]): Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i + 1 < samples.length; i += 2) {
    const [first, second] = [samples[i] ?? NaN, samples[i + 1] ?? NaN];
    pairs.push(
      (i / 2) % 4 < 2 ? { a: first, b: second } : { a: second, b: first },
    );
  }
  return pairs;
}
