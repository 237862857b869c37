import {
  bootstrapInterval,
  controlPairs,
  median,
  quantile,
  ratioOfMedians,
  schedule,
  type Interval,
  type Pair,
} from "./statistics.ts";

export { cpuSeconds } from "./cpuTime.ts";
export { median, quantile };

/** One run gives a sample of each metric: seconds, CPU-seconds, milliseconds at p99, … */
export type Run = () => Promise<Readonly<Record<string, number>>>;

/** What the ratio A/B may be. The bound of its interval is held against it, not the point. */
export type Gate = { readonly atMost: number } | { readonly atLeast: number };

export interface Comparison {
  readonly name: string;
  /** Ours. */
  readonly a: Run;
  /** What we are measured against. */
  readonly b: Run;
  /** A gate for each metric that is judged. */
  readonly gates: Readonly<Record<string, Gate>>;
  readonly warmUps?: number;
  readonly pairs?: number;
  /** Exact figures, taken at the end. */
  readonly counts?: () => Readonly<Record<string, number>>;
}

/** A bench makes its comparison ready, and gives back what it took. */
export interface Bench {
  readonly comparison: Comparison;
  /** Figures beside the ratio, taken before it. */
  prepare?(): Promise<void>;
  dispose(): Promise<void>;
}

export interface Result {
  readonly name: string;
  readonly ratio: number;
  readonly interval: Interval;
  /** A against A: far from 1 the machine was too restless to judge. */
  readonly control: number;
  readonly gate: Gate;
  readonly pass: boolean;
  readonly a: number;
  readonly b: number;
  readonly pairs: number;
  readonly counts: Readonly<Record<string, number>>;
}

const WARM_UPS = 4;
const PAIRS = 30;
const CONTROL: Interval = [0.9, 1.1];

/** Runs both sides by turns on one machine and judges each gated metric. */
export async function compare(comparison: Comparison): Promise<Result[]> {
  const { a, b, warmUps = WARM_UPS, pairs = PAIRS } = comparison;
  const sides = { a, b };
  for (let i = 0; i < warmUps; i++) {
    await a();
    await b();
  }
  const samples: Record<"a" | "b", Readonly<Record<string, number>>[]> = {
    a: [],
    b: [],
  };
  for (const side of schedule(pairs)) samples[side].push(await sides[side]());
  const counts = comparison.counts?.() ?? {};
  const gates = Object.entries(comparison.gates);
  return gates.map(([metric, gate]) =>
    judge(
      gates.length === 1 ? comparison.name : `${comparison.name}.${metric}`,
      gate,
      samples.a.map((sample) => sample[metric] ?? NaN),
      samples.b.map((sample) => sample[metric] ?? NaN),
      counts,
    ),
  );
}

/** Judges the samples of one metric, in the order in which they were taken. */
export function judge(
  name: string,
  gate: Gate,
  a: readonly number[],
  b: readonly number[],
  counts: Readonly<Record<string, number>> = {},
): Result {
  const pairs: Pair[] = a.map((value, i) => ({ a: value, b: b[i] ?? NaN }));
  const ratio = ratioOfMedians(pairs);
  const interval = bootstrapInterval(pairs);
  const control = ratioOfMedians(controlPairs(a));
  const isInBounds =
    "atMost" in gate ? interval[1] <= gate.atMost : interval[0] >= gate.atLeast;
  const isQuiet = control >= CONTROL[0] && control <= CONTROL[1];
  return {
    ...{ name, ratio, interval, control, gate },
    pass: isInBounds && isQuiet,
    a: median(a),
    b: median(b),
    pairs: pairs.length,
    counts,
  };
}

/** The one line for programs. */
export function lineOf({ gate, counts, ...result }: Result): string {
  const bound = "atMost" in gate ? gate.atMost : gate.atLeast;
  return JSON.stringify({ ...result, gate: bound, ...counts });
}

/** The lines for people. */
export function textOf(result: Result): string {
  const { name, ratio, interval, control, gate, pass, a, b } = result;
  const [low, high] = interval.map(rounded);
  const wanted =
    "atMost" in gate
      ? `at most ${String(gate.atMost)}`
      : `at least ${String(gate.atLeast)}`;
  const counts = Object.entries(result.counts).map(
    ([key, count]) => `  ${key}: ${String(count)}`,
  );
  return [
    `${name}: ${rounded(ratio)} (95 % interval ${low ?? ""} to ${high ?? ""}), ${wanted}: ${pass ? "passed" : "FAILED"}`,
    `  ours ${rounded(a)}, theirs ${rounded(b)}, ${String(result.pairs)} pairs, control ${rounded(control)} (0.9 to 1.1)`,
    ...counts,
  ].join("\n");
}

const rounded = (value: number): string => value.toPrecision(3);

/** Runs a comparison as a program: prints, and fails the process where a gate does. `--json` ends with lines for programs. */
export async function main(comparison: Comparison): Promise<void> {
  const results = await compare(comparison);
  for (const result of results) process.stdout.write(`${textOf(result)}\n`);
  if (process.argv.includes("--json"))
    for (const result of results) process.stdout.write(`${lineOf(result)}\n`);
  if (!results.every(({ pass }) => pass)) process.exitCode = 1;
}
