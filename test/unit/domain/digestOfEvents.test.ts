import fc from "fast-check";
import { digestOfEvents } from "../../../src/domain/digestOfEvents.ts";

const bodies = (...texts: readonly string[]) =>
  texts.map((text) => Buffer.from(text));

test("the digest of a range is of its own events alone, wherever it stands in the delivery", () => {
  const whole = digestOfEvents(bodies("a", "b"), [1, 2], { from: 0, to: 2 });
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  expect(
    digestOfEvents(bodies("x", "a", "b", "y"), [0, 1, 2, 3], {
      from: 1,
      to: 3,
    }),
  ).toBe(whole);
});

test("events with other numbers, other bodies or other cuts between the bodies have another digest", () => {
  const all = { from: 0, to: 2 };
  const one = digestOfEvents(bodies("ab", "c"), [1, 2], all);
  for (const other of [
    digestOfEvents(bodies("ab", "c"), [1, 3], all),
    digestOfEvents(bodies("ab", "c"), [0, 2], all),
    digestOfEvents(bodies("a", "bc"), [1, 2], all),
    digestOfEvents(bodies("ab", "d"), [1, 2], all),
    digestOfEvents(bodies("ab"), [1], { from: 0, to: 1 }),
  ])
    expect(other).not.toBe(one);
});

test("two deliveries have one digest only where their events are the same", () => {
  const event = fc.tuple(fc.nat(3), fc.string({ maxLength: 2 }));
  const events = fc.array(event, { maxLength: 3 });
  const digest = (all: readonly (readonly [number, string])[]) =>
    digestOfEvents(
      bodies(...all.map(([, body]) => body)),
      all.map(([number]) => number),
      { from: 0, to: all.length },
    );
  fc.assert(
    fc.property(events, events, (a, b) => {
      expect(digest(a) === digest(b)).toBe(
        JSON.stringify(a) === JSON.stringify(b),
      );
    }),
  );
});
