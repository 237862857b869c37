import fc from "fast-check";
import { cpuSecondsOf, parseStat } from "../../../bench/cpuTime.ts";
import { compare, judge, lineOf, textOf } from "../../../bench/harness.ts";
import {
  bootstrapInterval,
  controlPairs,
  generator,
  median,
  quantile,
  ratioOfMedians,
  schedule,
} from "../../../bench/statistics.ts";

const time = fc.double({ min: 0.001, max: 1000, noNaN: true });

describe("quantiles", () => {
  test.each([
    [[3], 0.5, 3],
    [[1, 2], 0.5, 1.5],
    [[5, 1, 3], 0.5, 3],
    [[1, 2, 3, 4, 5], 0.99, 4.96],
    [[4, 1], 0, 1],
    [[4, 1], 1, 4],
  ])("of %p at %p is %p", (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected);
  });

  test("half of the values lie on either side of the median", () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((v) => v < middle).length;
        const above = values.filter((v) => v > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe("the ratio", () => {
  const pairs = fc.array(fc.record({ a: time, b: time }), {
    minLength: 2,
    maxLength: 20,
  });

  test("its interval is in order, lies within the extremes, and is the same each time", () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const [low, high] = bootstrapInterval(given, 7, 200);
        expect(low).toBeLessThanOrEqual(high);
        const a = given.map((pair) => pair.a);
        const b = given.map((pair) => pair.b);
        expect(low).toBeGreaterThanOrEqual(
          (Math.min(...a) / Math.max(...b)) * 0.999,
        );
        expect(high).toBeLessThanOrEqual(
          (Math.max(...a) / Math.min(...b)) * 1.001,
        );
        expect(bootstrapInterval(given, 7, 200)).toEqual([low, high]);
      }),
    );
  });

  test("a side that takes twice as long has a ratio and an interval of two", () => {
    const given = Array.from({ length: 30 }, (_, i) => ({
      a: 2 * (10 + i / 100),
      b: 10 + i / 100,
    }));
    expect(ratioOfMedians(given)).toBeCloseTo(2);
    const [low, high] = bootstrapInterval(given);
    expect(low).toBeGreaterThan(1.97);
    expect(high).toBeLessThan(2.03);
  });

  test("the generator is spread evenly", () => {
    const random = generator(3);
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets)
      expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe("the schedule", () => {
  test("both sides run equally often, and at the same times on average", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (pairs) => {
        const order = schedule(pairs);
        const places = (side: string) =>
          order.flatMap((other, i) => (other === side ? [i] : []));
        const sum = (values: number[]) => values.reduce((x, y) => x + y, 0);
        expect(places("a")).toHaveLength(places("b").length);
        expect(sum(places("a"))).toBe(sum(places("b")));
      }),
    );
  });

  test("a steady drift does not show in the control", () => {
    const samples = Array.from({ length: 40 }, (_, i) => 100 + i);
    expect(ratioOfMedians(controlPairs(samples))).toBeCloseTo(1, 1);
  });
});

describe("judgement", () => {
  const steady = (value: number) =>
    Array.from({ length: 30 }, (_, i) => value * (1 + (i % 3) / 1000));

  test("the bound of the interval is held against the gate, in either direction", () => {
    expect(judge("x", { atMost: 1.5 }, steady(1.4), steady(1)).pass).toBe(true);
    expect(judge("x", { atMost: 1.39 }, steady(1.4), steady(1)).pass).toBe(
      false,
    );
    expect(judge("x", { atLeast: 0.5 }, steady(0.6), steady(1)).pass).toBe(
      true,
    );
    expect(judge("x", { atLeast: 0.7 }, steady(0.6), steady(1)).pass).toBe(
      false,
    );
  });

  test("a restless machine fails whatever the ratio", () => {
    // Twins of one block differ so that the halves of the control do.
    const restless = Array.from({ length: 32 }, (_, i) =>
      (i % 2 === 0) === Math.floor(i / 2) % 4 < 2 ? 1 : 2,
    );
    const result = judge("x", { atMost: 100 }, restless, steady(1));
    expect(result.control).toBeLessThan(0.9);
    expect(result.pass).toBe(false);
  });

  test("a comparison warms up, runs by turns, and reports each gated metric with its counts", async () => {
    const order: string[] = [];
    const side = (name: string, value: number) => () => {
      order.push(name);
      return Promise.resolve({ p50: value, p99: value * 2, other: 0 });
    };
    const results = await compare({
      name: "http",
      a: side("a", 3),
      b: side("b", 2),
      gates: { p50: { atMost: 1.5 }, p99: { atMost: 1.4 } },
      warmUps: 1,
      pairs: 4,
      counts: () => ({ requests: 7 }),
    });
    expect(order.join("")).toBe("ab" + "abba" + "baab");
    expect(results.map(({ name, pass }) => [name, pass])).toEqual([
      ["http.p50", true],
      ["http.p99", false],
    ]);
    const [first] = results;
    if (!first) throw new Error("There is a result.");
    expect(JSON.parse(lineOf(first))).toEqual({
      ...{
        name: "http.p50",
        ratio: 1.5,
        interval: [1.5, 1.5],
        control: 1,
        gate: 1.5,
        pass: true,
      },
      ...{ a: 3, b: 2, pairs: 4, requests: 7 },
    });
    expect(textOf(first)).toContain(
      "http.p50: 1.50 (95 % interval 1.50 to 1.50), at most 1.5: passed",
    );
  });
});

describe("CPU time", () => {
  const stat = (pid: number, parent: number, ...ticks: number[]) =>
    parseStat(
      `${String(pid)} (a (b) c) S ${String(parent)} 1 1 0 -1 0 0 0 0 0 ${ticks.join(" ")} 20 0`,
    );

  test("user and system time of a process and of the children it waited for are added", () => {
    expect(stat(5, 1, 100, 50, 25, 25)).toEqual({
      pid: 5,
      parent: 1,
      seconds: 2,
    });
  });

  test("a tree is the process and all below it, wherever they stand", () => {
    const processes = [
      stat(9, 8, 100, 0, 0, 0),
      stat(8, 5, 100, 0, 0, 0),
      stat(5, 1, 100, 0, 0, 0),
      stat(6, 1, 100, 0, 0, 0),
    ];
    expect(cpuSecondsOf(processes, [5])).toBe(3);
    expect(cpuSecondsOf(processes, [5, 6])).toBe(4);
  });
});
