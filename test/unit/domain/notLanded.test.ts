import {
  seenSince,
  sumNotLanded,
  type NotLanded,
} from "../../../src/domain/notLanded.ts";
import { aDefinition } from "../../support/app/world.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number): string =>
  new Date(START + seconds * 1000).toISOString();

/** Of a hub that never rests: its last event is as old as the look. */
const restless = (
  seconds: number,
  more: Partial<NotLanded> = {},
): NotLanded => ({
  ...{ stream: "hub/flights", generation: "g", partition: "0" },
  ...{ events: 7, landedTo: 100, lastEnqueuedAt: at(seconds) },
  ...more,
});

/** What the last of several looks, with the seconds at which they were, notes. */
function lookAt(
  looks: readonly (readonly [number, readonly NotLanded[]])[],
): ReturnType<typeof seenSince> {
  let seen: ReturnType<typeof seenSince> = [];
  for (const [seconds, found] of looks)
    seen = seenSince(found, seen, at(seconds));
  return seen;
}

const sum = (
  looks: Parameters<typeof lookAt>[0],
  seconds: number,
  definition = aDefinition(),
) => sumNotLanded(lookAt(looks), definition, at(seconds));

test("of a hub that never rests, events are overdue when nothing has landed for a minute", () => {
  const looks = [
    [0, [restless(0)]],
    [59, [restless(59)]],
  ] as const;
  expect(sum(looks, 59)).toEqual({
    arrivingEvents: 7,
    lastEnqueuedAt: at(59),
    overdueEvents: 0,
  });
  const last = [60, [restless(60)]] as const;
  expect(sum([...looks, last], 60)).toEqual({
    arrivingEvents: 0,
    overdueEvents: 7,
  });
});

test("each landing begins the minute anew, however far behind the hub it is", () => {
  const looks = [
    [0, [restless(0, { landedTo: 100, events: 5000 })]],
    [50, [restless(50, { landedTo: 101, events: 6000 })]],
    [100, [restless(100, { landedTo: 101, events: 7000 })]],
  ] as const;
  expect(sum(looks, 100)).toMatchObject({ overdueEvents: 0 });
  expect(sum(looks, 110)).toMatchObject({ overdueEvents: 7000 });
});

test("what retention drops is no landing", () => {
  const gone = { ...restless(0) };
  Reflect.deleteProperty(gone, "landedTo");
  const looks = [
    [0, [restless(0)]],
    [40, [gone]],
    [80, [gone]],
  ] as const;
  expect(lookAt(looks)).toMatchObject([{ since: at(0) }]);
});

test("a partition that stands still is told beside others that land, and another generation begins anew", () => {
  const other = (seconds: number, landedTo: number) =>
    restless(seconds, { partition: "1", landedTo, events: 3 });
  const looks = [
    [0, [restless(0), other(0, 10)]],
    [70, [restless(70), other(70, 20)]],
  ] as const;
  expect(sum(looks, 70)).toEqual({
    arrivingEvents: 3,
    lastEnqueuedAt: at(70),
    overdueEvents: 7,
  });
  const anew = [
    [0, [restless(0)]],
    [70, [restless(70, { generation: "h" })]],
  ] as const;
  expect(sum(anew, 70)).toMatchObject({ overdueEvents: 0 });
});

test("a hub at rest whose last event is a minute old is behind at the first look", () => {
  expect(sum([[60, [restless(0)]]], 60)).toMatchObject({ overdueEvents: 7 });
  expect(sum([[59, [restless(0)]]], 59)).toMatchObject({ overdueEvents: 0 });
});

test("the time for which a source lets events wait for others is no delay", () => {
  const { flights } = aDefinition().sources;
  if (flights?.kind !== "hub") throw new Error("flights is no hub.");
  const patient = aDefinition({
    sources: { flights: { ...flights, landWithinSeconds: 300 } },
  });
  const looks = [
    [0, [restless(0)]],
    [359, [restless(359)]],
  ] as const;
  expect(sum(looks, 359, patient)).toMatchObject({ overdueEvents: 0 });
  expect(sum(looks, 360, patient)).toMatchObject({ overdueEvents: 7 });
});

test("of two partitions, and of two streams, each stands still since its own time", () => {
  const one = restless(0);
  const other = restless(0, { partition: "1", landedTo: 7 });
  const third = restless(0, { stream: "hub/trains", landedTo: 3 });
  const seen = lookAt([
    [0, [one]],
    [5, [one, other]],
    [9, [other, one, third]],
  ]);
  expect(seen.map(({ since }) => since)).toEqual([at(5), at(0), at(9)]);
});

test("what is on its way and what is overdue are counted apart, with the last of the first alone", () => {
  const seen = [
    { ...restless(30, { events: 1 }), since: at(30) },
    { ...restless(50, { events: 2, partition: "1" }), since: at(50) },
    { ...restless(59, { events: 4, partition: "2" }), since: at(0) },
  ];
  // Of one whose service does not say when its last event came.
  const silent = {
    ...{ stream: "hub/flights", generation: "g", partition: "3" },
    ...{ events: 8, since: at(59) },
  };
  const found = [...seen, silent];
  expect(sumNotLanded(found, aDefinition(), at(60))).toEqual({
    ...{ arrivingEvents: 3, overdueEvents: 12, lastEnqueuedAt: at(50) },
  });
});
