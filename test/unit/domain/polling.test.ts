import fc from "fast-check";
import { secondsToNextPoll } from "../../../src/domain/polling.ts";

/** The questions asked of a run of this length, and when the last one was answered. */
function poll(
  durationSeconds: number,
  predictedSeconds?: number,
): { polls: number; seenAt: number } {
  let elapsed = 0;
  let polls = 0;
  do {
    elapsed += secondsToNextPoll(elapsed, predictedSeconds);
    polls += 1;
  } while (elapsed < durationSeconds);
  return { polls, seenAt: elapsed };
}

/** `run-now` is a call too. */
const callsOf = (durationSeconds: number, predictedSeconds?: number): number =>
  1 + poll(durationSeconds, predictedSeconds).polls;

const seconds = fc.double({ min: 8, max: 2 * 86_400, noNaN: true });

test("the calls for a run are at most 4 + 2·log2 of its seconds, whatever was predicted", () => {
  const predicted = fc.option(fc.double({ min: 0, max: 86_400, noNaN: true }), {
    nil: undefined,
  });
  fc.assert(
    fc.property(seconds, predicted, (duration, prediction) => {
      expect(callsOf(duration, prediction)).toBeLessThanOrEqual(
        4 + 2 * Math.log2(duration),
      );
    }),
    { numRuns: 20_000 },
  );
});

test("the calls stay below that also for the worst lengths, which end right after a question", () => {
  const longest = 2 * 86_400;
  const predictions = Array.from(
    { length: 500 },
    (_, step) => 86_400 ** (step / 500),
  );
  for (const prediction of [undefined, ...predictions]) {
    let asked = 0;
    for (let calls = 2; asked < longest; calls += 1) {
      const worst = Math.max(8, asked);
      expect(calls).toBeLessThanOrEqual(4 + 2 * Math.log2(worst));
      do {
        asked += secondsToNextPoll(asked, prediction);
        if (asked < 8) calls += 1;
      } while (asked < 8);
    }
  }
});

test("the end of a run that was predicted well is seen within 3 %", () => {
  for (const duration of [30, 60, 300, 3600])
    for (const factor of [0.98, 0.99, 1, 1.01])
      expect(
        poll(duration * factor, duration).seenAt / (duration * factor),
      ).toBeLessThan(1.05);
  expect(poll(60, 60).seenAt).toBeLessThan(61.2);
});

test("without a prediction the end is seen a quarter of the time late at most, and beyond 100 seconds 41 %", () => {
  fc.assert(
    fc.property(seconds, (duration) => {
      const { seenAt } = poll(duration);
      const most = seenAt <= 125 ? 1.25 : Math.SQRT2;
      expect(seenAt / duration).toBeLessThanOrEqual(most + 1e-9);
    }),
    { numRuns: 20_000 },
  );
});

test("a run that is far shorter than the one before is seen after at most twice its time", () => {
  expect(poll(6, 3600).seenAt).toBeLessThanOrEqual(12);
});

test("time always goes on", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.option(seconds, { nil: undefined }),
      (elapsed, prediction) => {
        expect(secondsToNextPoll(elapsed, prediction)).toBeGreaterThan(0);
      },
    ),
  );
});
